// What Home Assistant says (docs/protocol.md §5), read and its types checked; ranges are looked at
// where a field is used.
#pragma once
#include <stddef.h>
#include <stdint.h>

namespace plant {

// Whether a field was there. `kWrong`: it was, and no value of its type.
enum class Field : uint8_t { kAbsent, kGood, kWrong };

// An integer; beyond 32 bits it stands at the end of the range.
struct Whole {
  Field is;
  int32_t value;
  bool in(int32_t low, int32_t high) const {
    return is == Field::kGood && value >= low && value <= high;
  }
};

// A short decoded text; longer than N bytes is wrong.
template <uint8_t N>
struct Text {
  Field is;
  uint8_t size;
  char text[N];
};

enum class Type : uint8_t { kNone, kHi, kGot, kCommand, kOther };

enum class Op : uint8_t {
  kNone,  // absent, or no text
  kOn,
  kOff,
  kLevel,
  kStop,
  kPing,
  kIdentify,
  kRestart,
  kConfig,
  kCalibrate,
  kWire,
  kUnknown,
};

constexpr uint8_t kIdMax = 16;
constexpr uint8_t kLabelMax = 16;

struct Message {
  Type type;
  Op op;
  Text<kIdMax> id;  // `c`; empty is wrong
  Whole channel, ms, level, number;
  Field now;       // an integer >= 0
  Text<8> boot;    // `b`
  Field set;       // an object; its fields follow
  Whole median, heartbeat, every, sample;
  Whole band;      // `db` in thousandths
  Text<4> at;
  Text<5> kind;    // `k`
  Text<kLabelMax> label;
};

// Reads the JSON of one line. False: no JSON object with a text `t`.
bool read_message(const char *json, size_t size, Message *out);

}  // namespace plant
