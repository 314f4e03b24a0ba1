// Made by `python -m scripts.generate_tables`: change the Python it is made from, never this file.
#pragma once
#include <stdint.h>

#include "flash.h"

namespace plant {

#define PV_VERSION "0.1.0"

// What a channel is; the rows of the table follow in the same order.
enum class Kind : uint8_t {
  kNone,
  kMoisture,
  kTemperature,
  kHumidity,
  kIlluminance,
  kTank,
  kLeak,
  kPump,
  kLight,
};

// One kind of channel. What is told counts in units of 10 to the power of minus `decimals` of the
// protocol's unit, `unit` thousandths each. `lowest` and `highest` are in that unit and moved up by
// kShift; `band` is the dead-band in thousandths.
struct KindRow {
  char wire[6];
  uint8_t decimals;
  uint8_t median;
  uint16_t unit, band;
  uint16_t heartbeat;  // seconds
  uint16_t lowest, highest;
};

constexpr uint16_t kShift = 1000;
constexpr uint8_t kKinds = 8;
extern const KindRow kKindRows[kKinds] PROGMEM;

constexpr uint16_t kPumpMsMax = 30000;  // W2: one watering
constexpr uint32_t kPumpBudgetMs = 120000;  // W4: all pumps, a rolling day
constexpr uint32_t kDayMs = 86400000;
constexpr uint32_t kSoakMs = 60000;  // W5: between two waterings of one channel
constexpr uint32_t kLightMsMax = 86400000;
constexpr uint8_t kIdsKept = 16;  // W6, at least
constexpr uint8_t kSafetyPollMs = 50;  // contacts and deadlines
constexpr uint32_t kTankClearMs = 10000;  // how long a contact must be quiet
constexpr uint32_t kLeakClearMs = 60000;
constexpr uint32_t kCalmMs = 3000;  // a danger that ends must have ended
constexpr uint16_t kRateMs = 500;  // between two messages, in the long run
constexpr int32_t kEveryMin = 5;  // seconds
constexpr int32_t kEveryMax = 86400;
constexpr int32_t kSampleMin = 1;  // seconds
constexpr int32_t kSampleMax = 3600;
constexpr uint8_t kSampleDefault = 5;
constexpr uint16_t kContactMs = 500;  // contacts between two rounds
constexpr uint8_t kFaults = 3;  // missed readings in a row that are news
constexpr uint8_t kLightBand = 5;  // % of what was told
constexpr uint16_t kDryMv = 2600;  // until somebody calibrates
constexpr uint16_t kWetMv = 1150;
constexpr uint16_t kLeastMv = 200;  // between the two points
constexpr uint8_t kMargin = 15;  // % beyond the two points that are no fault
constexpr uint16_t kOpenMv = 300;  // less is a cut wire
constexpr uint8_t kShortShare = 97;  // % of the supply

}  // namespace plant
