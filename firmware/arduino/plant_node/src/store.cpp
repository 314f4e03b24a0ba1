#include "store.h"

#include "crc16.h"
#include "hal.h"

namespace plant {
namespace store {

void read(uint16_t at, void *to, uint8_t size) {
  hal::eeprom_read(at, to, size);
}

bool write(uint16_t at, const void *from, uint8_t size) {
  const uint8_t *byte = static_cast<const uint8_t *>(from);
  bool good = true;
  for (; size--; ++at, ++byte) {
    hal::eeprom_write(at, *byte);
    good = good && hal::eeprom_read(at) == *byte;
  }
  return good;
}

uint16_t checksum(const void *of, uint8_t size) {
  const uint8_t *byte = static_cast<const uint8_t *>(of);
  uint16_t crc = kCrcStart;
  while (size--) crc = crc16(crc, *byte++);
  return crc;
}

bool read_record(uint16_t at, void *to, uint8_t size) {
  uint16_t crc;
  read(at, to, size);
  read(static_cast<uint16_t>(at + size), &crc, sizeof crc);
  return crc == checksum(to, size);
}

bool write_record(uint16_t at, const void *from, uint8_t size) {
  const uint16_t crc = checksum(from, size);
  const bool good = write(at, from, size);
  return write(static_cast<uint16_t>(at + size), &crc, sizeof crc) && good;
}

bool is_blank() {
  for (uint16_t at = kMarker; at < kEnd; ++at) {
    if (hal::eeprom_read(at) != kBlank) return false;
  }
  return true;
}

}  // namespace store
}  // namespace plant
