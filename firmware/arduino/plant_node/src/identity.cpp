#include "identity.h"

#include <string.h>

#include "hal.h"
#include "store.h"

namespace plant {

namespace {

// A mixer without loss: two different words never become the same one.
uint32_t mix(uint32_t x) {
  x ^= x >> 16;
  x *= 0x7FEB352D;
  x ^= x >> 15;
  x *= 0x846CA68B;
  return x ^ x >> 16;
}

}  // namespace

Identity::Identity() : boots_(store::kBoots, store::kBootSlots) {}

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
  if (fresh || !boots_.load()) {
    // A lost number must not begin where it once began: Home Assistant knows those boots already.
    uint32_t number;
    hal::entropy(reinterpret_cast<uint8_t *>(&number), sizeof number);
    boots_.start((number & 0x3FFFFFFF) + store::kBootSlots);
  }
  boots_.advance();
  boot_ = mix(boots_.value() ^ mix(id_[0] ^ mix(id_[1])));
}

void Identity::write_id(LineWriter *out) const {
  out->raw(PV_FLASH("\"AV")).hex(id_[0], 8).hex(id_[1], 8).raw('"');
}

}  // namespace plant
