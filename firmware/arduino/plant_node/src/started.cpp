#include "started.h"

#include "hal.h"
#include "store.h"

namespace plant {

namespace {

const uint16_t kErased = 0xFFFF;

}  // namespace

uint16_t Started::address() const {
  const uint8_t slot = slot_ % store::kStartSlots;
  return static_cast<uint16_t>(store::kStarts + store::kStartSize * slot);
}

uint16_t Started::tag() const {
  uint16_t tag;
  static_assert(sizeof tag == store::kStartSize, "the store's layout");
  store::read(address(), &tag, sizeof tag);
  return tag;
}

void Started::erase() {
  const uint16_t at = address();
  hal::eeprom_erase(at);
  hal::eeprom_erase(static_cast<uint16_t>(at + 1));
}

bool Started::begin(Ledger *ledger, Ids *ids, uint8_t boot) {
  may_run_ = false;
  for (slot_ = 0; slot_ < store::kStartSlots; ++slot_) {
    if (tag() == kErased) continue;
    const IdMark mark = kTagOnly | tag();
    if (!ledger->book(Ledger::kNoChannel, kPumpMsMax)) return false;
    if (ids->known(mark) == Ids::kNew && !ids->note(mark)) return false;
    erase();
  }
  ids->forget_answers();
  slot_ = boot;
  erase();
  return may_run_ = true;
}

bool Started::write(IdMark mark) {
  const uint16_t at = address();
  hal::eeprom_clear(at, static_cast<uint8_t>(mark));
  hal::eeprom_clear(static_cast<uint16_t>(at + 1), static_cast<uint8_t>(mark >> 8));
  return tag() == static_cast<uint16_t>(mark);
}

void Started::settled() {
  erase();
  ++slot_;
  erase();
}

}  // namespace plant
