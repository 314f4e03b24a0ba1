#include "identity.h"

#include "hal.h"
#include "store.h"

namespace plant {

namespace {

// Odd, hence without loss: two different numbers never become the same word.
const uint32_t kMixer = 0x9E3779B1;

}  // namespace

// The id, from the first of its two places that can be read; false if none can.
bool Identity::read_id(uint32_t *id) {
  const uint16_t second = store::kHardware + store::kHardwareSize;
  return store::read_record(store::kHardware, id, 2 * sizeof *id) ||
         store::read_record(second, id, 2 * sizeof *id);
}

void Identity::begin(bool fresh) {
  uint32_t id[2];
  if (fresh || !read_id(id)) hal::entropy(reinterpret_cast<uint8_t *>(id), sizeof id);
  for (uint8_t place = 0; place < 2; ++place) {
    const uint8_t offset = static_cast<uint8_t>(place * store::kHardwareSize);
    store::write_record(static_cast<uint16_t>(store::kHardware + offset), id, sizeof id);
  }
  if (!boots_.load(store::kBoots, store::kBootSlots) || fresh) {
    // A lost number must not begin where it once began: Home Assistant knows those boots already.
    uint32_t number;
    hal::entropy(reinterpret_cast<uint8_t *>(&number), sizeof number);
    boots_.start((number & 0x3FFFFFFF) + store::kBootSlots);
  }
  boots_.advance();
  boot_ = boots_.value() * kMixer ^ id[0] ^ id[1];
}

void Identity::write_id() {
  uint32_t id[2];
  read_id(id);
  out::raw(PV_FLASH("\"AV"));
  out::hex(id[0], 8);
  out::hex(id[1], 8);
  out::raw('"');
}

}  // namespace plant
