#include "counter.h"

#include "store.h"

namespace plant {

// What stands in the slot that belongs to `value`.
uint32_t Counter::slot(uint32_t value) const {
  uint32_t kept;
  store::read(static_cast<uint16_t>(at_ + 4 * (value & (slots_ - 1u))), &kept, sizeof kept);
  return kept;
}

bool Counter::put(uint32_t value) const {
  const uint16_t at = static_cast<uint16_t>(at_ + 4 * (value & (slots_ - 1u)));
  return store::write(at, &value, sizeof value);
}

bool Counter::load(uint16_t at, uint8_t slots) {
  bool found = false;
  at_ = at;
  slots_ = slots;
  for (uint8_t i = 0; i < slots_; ++i) {
    const uint32_t kept = slot(i);
    if ((kept & (slots_ - 1u)) != i || kept == 0 || slot(kept - 1) != kept - 1) continue;
    if (!found || kept > value_) value_ = kept;
    found = true;
  }
  return found;
}

void Counter::start(uint32_t value) {
  for (uint8_t back = slots_; back--;) put(value - back);
  value_ = value;
}

bool Counter::advance() {
  if (!put(value_ + 1)) return false;
  ++value_;
  return true;
}

}  // namespace plant
