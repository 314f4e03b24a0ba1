#include "hash.h"

namespace plant {

uint32_t hash(uint32_t before, uint8_t byte) { return (before ^ byte) * 0x01000193; }

}  // namespace plant
