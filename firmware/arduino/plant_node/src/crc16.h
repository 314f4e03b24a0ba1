// CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected, no final xor (docs/protocol.md §9).
#pragma once
#include <stdint.h>

namespace plant {

constexpr uint16_t kCrcStart = 0xFFFF;

// The checksum of everything before and this byte.
uint16_t crc16(uint16_t crc, uint8_t byte);

}  // namespace plant
