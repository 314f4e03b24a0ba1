// Sets of readings until Home Assistant has confirmed them, oldest first; when there are too many,
// the oldest goes.
#pragma once
#include <stdint.h>

#include "board.h"
#include "filter.h"

namespace plant {

struct ReadingSet {
  uint32_t measured;  // hal::ms()
  Mask channels;      // which of them are in it
  Value values[kSlots];
};

class Backlog {
 public:
  void begin();

  void add(const ReadingSet &set);

  // Every set up to this number is safely stored.
  void confirm(uint32_t number);

  // The next one that has not been sent, and its number; null if there is none.
  const ReadingSet *unsent(uint32_t *number);
  void sent();

  // Send again what is not confirmed.
  void rewind() { sent_ = 0; }
  // The same, where an answer has been due for a minute: a line may have been lost.
  void remind();

  // A channel is something else from now on: what it measured until now would be misread.
  void drop(uint8_t channel);

 private:
  ReadingSet *at(uint8_t place) { return &sets_[(first_ + place) % kSets]; }
  void forget_oldest();

  ReadingSet sets_[kSets];
  uint32_t number_;  // of the oldest
  uint16_t sent_at_;  // seconds
  uint8_t first_, count_, sent_;
};

}  // namespace plant
