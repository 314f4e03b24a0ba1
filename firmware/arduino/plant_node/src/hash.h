// FNV-1a with 32 bits: for marks and noise, not for secrets.
#pragma once
#include <stdint.h>

namespace plant {

constexpr uint32_t kHashStart = 0x811C9DC5;

uint32_t hash(uint32_t before, uint8_t byte);

}  // namespace plant
