// A clock that counts the life of the node across power cuts, in quarters of a second, and never
// runs ahead: time without power does not count. So a budget for a day of it holds for every day of
// the world.
#pragma once
#include <stdint.h>

#include "counter.h"

namespace plant {

constexpr uint32_t kQuartersPerDay = 345600;

class Life {
 public:
  // Once at boot. `fresh`: this chip has never lived.
  void begin(bool fresh);

  // Another witness that was written down has seen this much.
  void at_least(uint32_t quarters);

  uint32_t now() const;

  // Writes down now and then; call it often.
  void save();

 private:
  Counter ticks_;
  uint32_t base_;
};

}  // namespace plant
