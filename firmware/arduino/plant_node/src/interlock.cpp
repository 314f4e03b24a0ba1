#include "interlock.h"

#include "hal.h"

namespace plant {

namespace {

// The longest wait fits into 16 bits many times, and somebody looks every 50 ms.
const uint8_t kStepMs = 16;
const uint16_t kCalm = kCalmMs / kStepMs;
const uint16_t kTankClear = kTankClearMs / kStepMs, kLeakClear = kLeakClearMs / kStepMs;

// The level that most of several looks at a pin show, which a spark next door can't change.
bool steady(uint8_t pin) {
  uint8_t high = 0;
  for (uint8_t i = 0; i < 3; ++i) high = static_cast<uint8_t>(high + hal::pin_read(pin));
  return high >= 2;
}

}  // namespace

void Interlock::begin(const Wiring *wiring) {
  wiring_ = wiring;
  active_ = kept_ = 0;
}

void Interlock::reset(uint8_t slot) {
  active_ &= static_cast<Mask>(~bit_of(slot));
  kept_ &= static_cast<Mask>(~bit_of(slot));
}

bool Interlock::alarmed(uint8_t slot) const {
  const bool open = steady(wiring_->place(slot).pin());
  const bool danger = wiring_->kind(slot) == Kind::kTank ? open : !open;
  return danger != wiring_->place(slot).inverted();
}

Interlock::Reason Interlock::poll() {
  const uint16_t now = static_cast<uint16_t>(hal::ms() / kStepMs);
  // What is connected to a channel that can't be read may have been a contact in alarm.
  Reason reason = wiring_->any_lost() ? kTank : kFree;
  for (uint8_t slot = 0; slot < kSlots; ++slot) {
    if (!is_contact(wiring_->kind(slot))) continue;
    const bool leak = wiring_->kind(slot) == Kind::kLeak;
    const Mask bit = bit_of(slot);
    if (alarmed(slot)) {
      seen_[slot] = now;
      active_ |= bit;
      kept_ |= bit;
    } else if (kept_ & bit) {
      const uint16_t quiet = static_cast<uint16_t>(now - seen_[slot]);
      if (quiet > kCalm) active_ &= static_cast<Mask>(~bit);
      if (quiet > kCalm + (leak ? kLeakClear : kTankClear)) kept_ &= static_cast<Mask>(~bit);
    }
    if (kept_ & bit && reason != kLeak) reason = leak ? kLeak : kTank;
  }
  return reason;
}

}  // namespace plant
