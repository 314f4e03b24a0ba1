"""AWS Signature Version 4, as S3 and all that speak its language want it.

After https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html. The library
that everybody has for it brings 80 MB of descriptions of other services.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Final

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_SERVICE: Final = "s3"


def signed(
    method: str,
    host: str,
    path: str,
    *,
    body: bytes,
    headers: Mapping[str, str],
    now: datetime,
    region: str,
    key_id: str,
    secret: str,
) -> dict[str, str]:
    """The headers of a request without a query, with all that proves who sends it.

    `path` is percent-encoded already; `now` is in UTC. The body is part of what is signed: a store
    refuses one that was changed on its way.
    """
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    digest = hashlib.sha256(body).hexdigest()
    sent = {**headers, "x-amz-content-sha256": digest, "x-amz-date": stamp}
    every = {"host": host} | {name.lower(): text.strip() for name, text in sent.items()}
    names = ";".join(sorted(every))
    lines = "".join(f"{name}:{every[name]}\n" for name in sorted(every))
    request = f"{method}\n{path}\n\n{lines}\n{names}\n{digest}"
    scope = f"{stamp[:8]}/{region}/{_SERVICE}/aws4_request"
    hashed = hashlib.sha256(request.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashed}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    proof = hmac.new(key, text.encode(), "sha256").hexdigest()
    sent["Authorization"] = (
        f"{_ALGORITHM} Credential={key_id}/{scope}, SignedHeaders={names}, Signature={proof}"
    )
    return sent
