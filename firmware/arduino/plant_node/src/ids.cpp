#include "ids.h"

#include "hal.h"
#include "hash.h"
#include "store.h"
#include "tables.h"

namespace plant {

namespace {

const uint8_t kSlotsOfRing = store::kIdSlots;
const uint8_t kMask = kSlotsOfRing - 1;
static_assert(kSlotsOfRing > kIdsKept && 256 % kSlotsOfRing == 0, "the ring's size");

uint16_t address(uint8_t slot) {
  return static_cast<uint16_t>(store::kIds + store::kIdSize * (slot & kMask));
}

// The number of an entry stands behind it: written last, so that until then the oldest is there.
uint8_t number(uint8_t slot) {
  return hal::eeprom_read(static_cast<uint16_t>(address(slot) + sizeof(IdMark)));
}

bool follows(uint8_t slot) {
  return number(slot) == static_cast<uint8_t>(number(static_cast<uint8_t>(slot - 1)) + 1);
}

}  // namespace

IdMark mark_of(const char *id, uint8_t size) {
  IdMark mark = kHashStart;
  while (size--) mark = hash(mark, static_cast<uint8_t>(*id++));
  return mark & ~IdMark(0xF);
}

bool Ids::begin(bool fresh) {
  // The newest follows the one before it and is not followed; a slot that was being written when
  // the power failed follows nobody, unless it was finished.
  uint8_t found = 0;
  this_boot_ = 0;
  for (uint8_t slot = 0; slot < kSlotsOfRing && !fresh; ++slot) {
    if (((number(slot) ^ slot) & kMask) == 0 && follows(slot) &&
        !follows(static_cast<uint8_t>(slot + 1))) {
      newest_ = slot;
      ++found;
    }
  }
  if (found == 1) return true;
  for (uint8_t slot = 0; slot < kSlotsOfRing; ++slot) {
    store::write(static_cast<uint16_t>(address(slot) + sizeof(IdMark)), &slot, 1);
  }
  newest_ = kMask;
  return fresh;
}

Ids::Known Ids::known(IdMark mark) const {
  // Not in the slot behind the newest: what stands there may be torn, and the next note goes there.
  for (uint8_t back = 0; back < kSlotsOfRing - 1; ++back) {
    IdMark kept;
    store::read(address(static_cast<uint8_t>(newest_ - back)), &kept, sizeof kept);
    if (kept >= kTagOnly) kept ^= (kept ^ mark) & kTagOnly;  // the rest of it is not known
    if (kept == mark) return back < this_boot_ ? kThisBoot : kBefore;
  }
  return kNew;
}

bool Ids::note(IdMark mark) {
  const uint8_t slot = static_cast<uint8_t>((newest_ + 1) & kMask);
  const uint8_t next = static_cast<uint8_t>(number(newest_) + 1);
  const uint16_t at = address(slot);
  if (!store::write(at, &mark, sizeof mark)) return false;
  if (!store::write(static_cast<uint16_t>(at + sizeof mark), &next, 1)) return false;
  newest_ = slot;
  if (this_boot_ < kSlotsOfRing) ++this_boot_;
  return true;
}

}  // namespace plant
