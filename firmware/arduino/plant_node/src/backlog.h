// Sets of readings until Home Assistant has confirmed them, oldest first; when there are too many,
// the oldest goes.
#pragma once
#include <stdint.h>

#include "board.h"
#include "filter.h"

namespace plant {

struct ReadingSet {
  uint32_t measured;  // hal::ms()
  uint16_t channels;  // a bit for each that is in it
  Value values[kSlots];
};

class Backlog {
 public:
  // Where the next set is gathered; add() makes it one.
  ReadingSet *next() { return &sets_[(first_ + count_) % (kSets + 1)]; }
  void add();

  // Every set up to this number is safely stored.
  void confirm(uint32_t number);

  // The next one that has not been sent, and its number; null if there is none.
  const ReadingSet *unsent(uint32_t *number) const;
  void sent(uint32_t now_ms);

  // Send again what is not confirmed.
  void rewind() { sent_ = 0; }
  // The same, where an answer has been due for a minute: a line may have been lost.
  void remind(uint32_t now_ms);

  // A channel is something else from now on: what it measured until now would be misread.
  void drop(uint8_t channel);

 private:
  void forget_oldest();

  ReadingSet sets_[kSets + 1];  // one more: the one that is being gathered
  uint32_t number_ = 1;         // of the oldest
  uint32_t sent_at_ = 0;
  uint8_t first_ = 0, count_ = 0, sent_ = 0;
};

}  // namespace plant
