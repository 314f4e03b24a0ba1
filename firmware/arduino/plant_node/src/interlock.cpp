#include "interlock.h"

#include "hal.h"

namespace plant {

namespace {

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
  const uint32_t now = hal::ms();
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
      const uint32_t quiet = now - seen_[slot];
      if (quiet >= kCalmMs) active_ &= static_cast<Mask>(~bit);
      if (quiet >= kCalmMs + (leak ? kLeakClearMs : kTankClearMs)) {
        kept_ &= static_cast<Mask>(~bit);
      }
    }
    if (kept_ & bit && reason != kLeak) reason = leak ? kLeak : kTank;
  }
  return reason;
}

}  // namespace plant
