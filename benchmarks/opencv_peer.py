"""What OpenCV takes for the green area of a photo; run where OpenCV is, see requirements/photos.in.

Reads paths, a line each; answers each with a line of JSON: CPU ms of decoding and measuring on one
thread, and the share of green in %.
"""

import importlib
import json
import sys
import time


def main() -> None:
    """Answer until there are no more lines."""
    cv2 = importlib.import_module("cv2")
    cv2.setNumThreads(1)
    for line in sys.stdin:
        begun = time.thread_time()
        image = cv2.imread(line.strip(), cv2.IMREAD_COLOR)
        # The usual recipe: what is green by hue, and not grey.
        mask = cv2.inRange(cv2.cvtColor(image, cv2.COLOR_BGR2HSV), (35, 40, 20), (95, 255, 255))
        area = 100 * cv2.countNonZero(mask) / mask.size
        took = 1000 * (time.thread_time() - begun)
        sys.stdout.write(json.dumps({"ms": took, "area": area}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
