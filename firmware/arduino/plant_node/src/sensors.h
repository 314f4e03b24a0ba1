// Reading the parts: a number, or the reason why there is none.
#pragma once
#include <stdint.h>

#include "filter.h"
#include "wiring.h"

namespace plant {
namespace sensors {

// The voltage of an analogue pin in mV of a supply of 5 V, or kOpen or kShort.
Value soil_mv(uint8_t pin);
Value moisture(uint8_t pin, const Tuning &tuning);

// A photoresistor to 5 V with 10 kΩ to ground.
Value photoresistor(uint8_t pin);

// Both halves of one DHT22.
void dht22(uint8_t pin, Value *temperature, Value *humidity);

// A BH1750 at its ordinary address. It measures by itself once it was started, and needs 180 ms
// for the first time.
class Bh1750 {
 public:
  void begin() { running_ = false; }
  // False if nobody answers. `wait` says that the first measurement is not there yet.
  bool start(bool *wait);
  Value read();

 private:
  bool running_;
};

}  // namespace sensors
}  // namespace plant
