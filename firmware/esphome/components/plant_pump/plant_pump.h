// Pumps that end by themselves, whatever Home Assistant says or leaves unsaid.
#pragma once

#include <vector>

#include "esphome/components/binary_sensor/binary_sensor.h"
#include "esphome/components/output/binary_output.h"
#include "esphome/components/switch/switch.h"
#include "esphome/components/text_sensor/text_sensor.h"
#include "esphome/core/component.h"
#include "esphome/core/preferences.h"
#include "rules.h"

namespace esphome::plant_pump {

class PumpSwitch;

// All pumps of the node: one at a time, each run bounded and written down first.
class PlantPumps : public Component {
 public:
  PlantPumps(uint32_t daily_ms, uint32_t pause_ms) : rules_(daily_ms, pause_ms) {}

  void add_contact(binary_sensor::BinarySensor *contact, uint32_t clear_ms) {
    this->contacts_.push_back({contact, Interlock(clear_ms)});
  }
  void add_pump(PumpSwitch *pump);
  void set_status(text_sensor::TextSensor *status) { this->status_ = status; }

  // Before anything that takes time, and before the network.
  float get_setup_priority() const override { return setup_priority::HARDWARE - 1.0f; }
  void setup() override;
  void loop() override;
  void dump_config() override;
  // A restart, or the end of an update over the air.
  void on_shutdown() override { this->stop("restart"); }

  void start(PumpSwitch *pump);
  // Everything off, first of all the pins.
  void stop(const char *why);
  bool is_running(const PumpSwitch *pump) const { return this->running_ == pump; }
  // A person says that this is a new node: without a ledger the day counts as used up.
  void begin_budget();

 protected:
  struct Contact {
    binary_sensor::BinarySensor *sensor;
    Interlock interlock;
  };

  void silence_();
  Refusal refusal_(const PumpSwitch *pump, int64_t uptime) const;
  bool write_(int64_t uptime);
  void tell_(int64_t uptime);

  Rules rules_;
  std::vector<Contact> contacts_;
  std::vector<PumpSwitch *> pumps_;
  text_sensor::TextSensor *status_{nullptr};
  ESPPreferenceObject kept_;
  PumpSwitch *running_{nullptr};
  int64_t began_{0};
  bool disk_failed_{false};
};

class PumpSwitch : public switch_::Switch {
 public:
  PumpSwitch(PlantPumps *pumps, output::BinaryOutput *output, uint32_t longest_ms)
      : pumps_(pumps), output_(output), longest_ms_(longest_ms) {}

  void pin(bool on) { on ? this->output_->turn_on() : this->output_->turn_off(); }
  uint32_t channel{0};
  uint32_t longest_ms() const { return this->longest_ms_; }

 protected:
  void write_state(bool state) override;

  PlantPumps *pumps_;
  output::BinaryOutput *output_;
  uint32_t longest_ms_;
};

}  // namespace esphome::plant_pump
