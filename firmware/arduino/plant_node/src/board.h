// What each supported board has.
#pragma once
#include <stdint.h>

#include "flash.h"

namespace plant {

#if defined(__AVR_ATmega2560__) || defined(PV_HOST_MEGA)
#define PV_MODEL "mega"
constexpr uint8_t kSlots = 16;
constexpr uint16_t kPool = 16 * 31;  // readings that all medians together may hold
typedef uint16_t Mask;               // a bit for each channel
constexpr uint8_t kSets = 32;        // sets of readings that wait for their confirmation
constexpr uint16_t kEepromSize = 4096;
constexpr uint8_t kFirstAnalog = 54, kAnalogs = 16, kDigitals = 54;
constexpr uint8_t kNoDigital = 70;  // from here on pins can only measure
constexpr uint8_t kSda = 20, kScl = 21;
#else
#if defined(ARDUINO_AVR_NANO)
#define PV_MODEL "nano"
constexpr uint8_t kAnalogs = 8;
#else
#define PV_MODEL "uno"
constexpr uint8_t kAnalogs = 6;
#endif
constexpr uint8_t kSlots = 8;
constexpr uint16_t kPool = 92;
typedef uint8_t Mask;
constexpr uint8_t kSets = 8;
constexpr uint16_t kEepromSize = 1024;
constexpr uint8_t kFirstAnalog = 14, kDigitals = 14;
constexpr uint8_t kNoDigital = 20;
constexpr uint8_t kSda = 18, kScl = 19;
#endif

constexpr uint8_t kLedPin = 13;
constexpr uint8_t kFirstDigital = 2;  // below is the cable

#if defined(__AVR__) && !defined(__AVR_ATmega328P__) && !defined(__AVR_ATmega2560__)
#error "Plant Vita knows the Uno, the Nano and the Mega 2560"
#endif

inline Mask bit_of(uint8_t slot) { return static_cast<Mask>(1u << slot); }

}  // namespace plant
