// The ids of the last commands that ran (W6), written down before they run.
//
// An id of up to 16 bytes is kept as a mark of 28 bits that depends on all of them. The same id has
// the same mark, always; two ids with the same would only mean a command that is taken for repeated.
#pragma once
#include <stdint.h>

namespace plant {

// Its lower half is the tag of an id (started.h), 12 bits and four zeros, so that no tag looks like
// cells that are erased. A mark with kTagOnly above it stands for every id with this tag.
typedef uint32_t IdMark;
constexpr IdMark kTagOnly = 0xFFFF0000;

IdMark mark_of(const char *id, uint8_t size);

class Ids {
 public:
  enum Known : uint8_t { kNew, kThisBoot, kBefore };

  // Once at boot. False if the list was lost.
  bool begin(bool fresh);
  Known known(IdMark mark) const;
  // False if it could not be written.
  bool note(IdMark mark);
  // The last one noted did not come to its end: nobody may be told that it did.
  void forget_answers() { this_boot_ = 0; }

 private:
  uint8_t newest_;
  uint8_t this_boot_;  // how many of the newest were noted since the start
};

}  // namespace plant
