#include "crc16.h"

#ifdef __AVR__
#include <util/crc16.h>
#endif

namespace plant {

// Without a table, which would be 512 bytes of flash. A pump waits for the checksums of a whole
// ledger: avr-libc has a quicker one, in assembler.
uint16_t crc16(uint16_t crc, uint8_t byte) {
#ifdef __AVR__
  return _crc_xmodem_update(crc, byte);
#else
  uint8_t x = static_cast<uint8_t>(crc >> 8) ^ byte;
  x ^= x >> 4;
  return static_cast<uint16_t>((crc << 8) ^ (static_cast<uint16_t>(x) << 12) ^
                               (static_cast<uint16_t>(x) << 5) ^ x);
#endif
}

}  // namespace plant
