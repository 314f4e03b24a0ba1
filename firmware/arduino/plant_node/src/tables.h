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
  kSoilTemperature,
  kHumidity,
  kIlluminance,
  kConductivity,
  kPressure,
  kBattery,
  kVoltage,
  kSignal,
  kTank,
  kLeak,
  kPump,
  kLight,
};

// One kind of channel. `minimum` and `maximum` are in the unit that is told: 10 to the power of
// minus `decimals` of the protocol's unit; `band` is the dead-band in thousandths of that unit.
struct KindRow {
  char wire[6];
  uint8_t decimals;
  uint8_t median;
  uint16_t band;
  uint16_t heartbeat;  // seconds
  int32_t minimum, maximum;
};

constexpr uint8_t kKinds = 14;

static const KindRow kKindRows[kKinds] PROGMEM = {
    {"m", 1, 15, 1000, 1800, 0, 1000},
    {"t", 1, 5, 200, 1800, -400, 850},
    {"st", 1, 5, 200, 1800, -400, 850},
    {"h", 1, 5, 1000, 1800, 0, 1000},
    {"lx", 0, 5, 20000, 1800, 0, 200000},
    {"ec", 0, 9, 20000, 1800, 0, 20000},
    {"p", 1, 5, 300, 1800, 3000, 11000},
    {"bat", 0, 9, 1000, 3600, 0, 100},
    {"v", 2, 9, 20, 3600, 0, 6000},
    {"rssi", 0, 9, 4000, 3600, -127, 0},
    {"tank", 0, 1, 0, 1800, 0, 1},
    {"leak", 0, 1, 0, 1800, 0, 1},
    {"pump", 0, 1, 0, 0, 0, 0},
    {"light", 0, 1, 0, 0, 0, 0},
};

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
