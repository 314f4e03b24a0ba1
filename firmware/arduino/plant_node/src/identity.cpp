#include "identity.h"

#include <string.h>

#include "hal.h"
#include "store.h"

namespace plant {

namespace {

// Odd, hence without loss: two different numbers never become the same word.
const uint32_t kMixer = 0x9E3779B1;

}  // namespace

void Identity::load_id(bool fresh) {
  const uint16_t second = store::kHardware + store::kHardwareSize;
  uint32_t spare[2];
  bool first_good = !fresh && store::read_record(store::kHardware, id_, sizeof id_);
  bool second_good = !fresh && store::read_record(second, spare, sizeof spare);
  if (!first_good && second_good) memcpy(id_, spare, sizeof id_);
  if (!first_good && !second_good) {
    hal::entropy(reinterpret_cast<uint8_t *>(id_), sizeof id_);
  }
  if (!first_good) store::write_record(store::kHardware, id_, sizeof id_);
  if (!second_good || memcmp(spare, id_, sizeof id_) != 0) {
    store::write_record(second, id_, sizeof id_);
  }
}

void Identity::begin(bool fresh) {
  load_id(fresh);
  if (!boots_.load(store::kBoots, store::kBootSlots) || fresh) {
    // A lost number must not begin where it once began: Home Assistant knows those boots already.
    uint32_t number;
    hal::entropy(reinterpret_cast<uint8_t *>(&number), sizeof number);
    boots_.start((number & 0x3FFFFFFF) + store::kBootSlots);
  }
  boots_.advance();
  boot_ = boots_.value() * kMixer ^ id_[0] ^ id_[1];
}

void Identity::write_id() const {
  out::raw(PV_FLASH("\"AV"));
  out::hex(id_[0], 8);
  out::hex(id_[1], 8);
  out::raw('"');
}

}  // namespace plant
