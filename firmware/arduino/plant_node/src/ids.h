// The ids of the last commands that ran (W6), written down before they run.
//
// An id of up to 16 bytes is kept as 8 that depend on all of them; two ids that looked the same
// would only mean a command refused as repeated.
#pragma once
#include <stdint.h>

namespace plant {

struct IdMark {
  uint32_t a, b;
};

IdMark mark_of(const char *id, uint8_t size);

class Ids {
 public:
  enum Known : uint8_t { kNew, kThisBoot, kBefore };

  // Once at boot. False if the list was lost.
  bool begin(bool fresh);
  Known known(const IdMark &mark) const;
  // False if it could not be written.
  bool note(const IdMark &mark);
  // The last one noted did not come to its end: nobody may be told that it did.
  void forget_answers() { this_boot_ = 0; }

 private:
  uint8_t newest_;
  uint8_t this_boot_;  // how many of the newest were noted since the start
};

}  // namespace plant
