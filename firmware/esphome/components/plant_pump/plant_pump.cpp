#include "plant_pump.h"

#include "esphome/components/api/api_server.h"
#include "esphome/components/network/util.h"
#include "esphome/core/hal.h"
#include "esphome/core/helpers.h"
#include "esphome/core/log.h"

namespace esphome::plant_pump {

static const char *const TAG = "plant_pump";
// The lifetime clock loses at most this at a power cut; an hour is kind to the flash.
static const uint32_t CLOCK_SAVED_MS = 3600000;
static const uint32_t TOLD_EVERY_MS = 1000;

static int64_t now() { return static_cast<int64_t>(millis_64()); }

// Whether there is somebody who hears what the pumps do. A client that only reads the log is none.
static bool is_heard() {
  return network::is_connected() && api::global_api_server != nullptr &&
         api::global_api_server->is_connected_with_state_subscription();
}

static const char *word(Refusal refusal) {
  switch (refusal) {
    case Refusal::NONE:
      return "ready";
    case Refusal::INTERLOCK:
      return "tank empty or leak";
    case Refusal::OFFLINE:
      return "not connected";
    case Refusal::BUSY:
      return "running";
    case Refusal::PAUSE:
      return "soaking in";
    case Refusal::BUDGET:
      return "day used up";
    case Refusal::LEDGER_LOST:
      return "new or ledger lost";
    case Refusal::NOT_WRITTEN:
      return "flash cannot be written";
  }
  return "";
}

void PlantPumps::add_pump(PumpSwitch *pump) {
  pump->channel = this->pumps_.size();
  this->pumps_.push_back(pump);
}

void PlantPumps::setup() {
  this->silence_();
  Ledger found;
  this->kept_ = global_preferences->make_preference<Ledger>(fnv1_hash("plant_pump"), true);
  this->rules_.begin(this->kept_.load(&found) ? &found : nullptr, now());
  this->write_(now());
  for (auto *pump : this->pumps_)
    pump->publish_state(false);
  this->set_interval(CLOCK_SAVED_MS, [this]() { this->write_(now()); });
  this->set_interval(TOLD_EVERY_MS, [this]() { this->tell_(now()); });
}

void PlantPumps::loop() {
  const int64_t uptime = now();
  bool held = false;
  for (auto &contact : this->contacts_) {
    contact.interlock.heard(contact.sensor->has_state(), contact.sensor->state, uptime);
    held |= contact.interlock.holds(uptime);
  }
  if (this->running_ == nullptr)
    return;
  if (uptime >= this->began_ + this->running_->longest_ms()) {
    this->stop("its time is over");
  } else if (held) {
    this->stop(word(Refusal::INTERLOCK));
  } else if (!is_heard()) {
    this->stop(word(Refusal::OFFLINE));
  }
}

void PlantPumps::dump_config() {
  ESP_LOGCONFIG(TAG, "Plant pumps: %u", static_cast<unsigned>(this->pumps_.size()));
  for (auto *pump : this->pumps_)
    ESP_LOGCONFIG(TAG, "  '%s': %u ms at most", pump->get_name().c_str(), static_cast<unsigned>(pump->longest_ms()));
}

void PlantPumps::start(PumpSwitch *pump) {
  if (this->running_ == pump)
    return;  // asked twice is asked once: nothing makes a run longer
  const int64_t uptime = now();
  Refusal refusal = this->refusal_(pump, uptime);
  if (refusal == Refusal::NONE) {
    this->rules_.book(pump->channel, pump->longest_ms(), uptime);
    if (!this->write_(uptime)) {
      this->rules_.settle(0, uptime);
      refusal = Refusal::NOT_WRITTEN;
    }
  }
  if (refusal != Refusal::NONE) {
    ESP_LOGW(TAG, "'%s' refused: %s", pump->get_name().c_str(), word(refusal));
    pump->publish_state(false);
    return;
  }
  // The flash may have taken its time: a run counts from here.
  this->began_ = now();
  this->running_ = pump;
  pump->pin(true);
  pump->publish_state(true);
  this->tell_(this->began_);
}

void PlantPumps::stop(const char *why) {
  this->silence_();
  PumpSwitch *pump = this->running_;
  if (pump == nullptr)
    return;
  this->running_ = nullptr;
  const int64_t uptime = now();
  const auto ran = static_cast<uint32_t>(uptime - this->began_);
  ESP_LOGI(TAG, "'%s' off after %u ms: %s", pump->get_name().c_str(), static_cast<unsigned>(ran), why);
  this->rules_.settle(ran, uptime);
  pump->publish_state(false);
  this->write_(uptime);  // if that fails, the longer time stands
  this->tell_(uptime);
}

void PlantPumps::begin_budget() {
  if (!this->rules_.begin_budget(now()))
    return;
  ESP_LOGW(TAG, "a person says that this node is new: its budget begins");
  this->write_(now());
  this->tell_(now());
}

void PlantPumps::silence_() {
  for (auto *pump : this->pumps_)
    pump->pin(false);
}

Refusal PlantPumps::refusal_(const PumpSwitch *pump, int64_t uptime) const {
  for (const auto &contact : this->contacts_) {
    if (!contact.sensor->has_state() || contact.sensor->state || contact.interlock.holds(uptime))
      return Refusal::INTERLOCK;
  }
  if (!is_heard())
    return Refusal::OFFLINE;
  return this->rules_.refusal(pump->channel, pump->longest_ms(), uptime);
}

bool PlantPumps::write_(int64_t uptime) {
  Ledger ledger = this->rules_.ledger(uptime);
  this->disk_failed_ = !(this->kept_.save(&ledger) && global_preferences->sync());
  return !this->disk_failed_;
}

void PlantPumps::tell_(int64_t uptime) {
  if (this->status_ == nullptr || this->pumps_.empty())
    return;
  Refusal least = Refusal::NOT_WRITTEN;
  if (!this->disk_failed_) {
    for (auto *pump : this->pumps_) {
      const Refusal one = this->refusal_(pump, uptime);
      least = one < least ? one : least;
    }
  }
  const char *said = this->running_ != nullptr ? word(Refusal::BUSY) : word(least);
  if (!this->status_->has_state() || this->status_->state != said)
    this->status_->publish_state(said);
}

void PumpSwitch::write_state(bool state) {
  if (state) {
    this->pumps_->start(this);
  } else {
    // Whoever says off means off, even of a pump that seems to be: the pins are told again.
    if (this->pumps_->is_running(this)) {
      this->pumps_->stop("told to stop");
    } else {
      this->pin(false);
      this->publish_state(false);
    }
  }
}

}  // namespace esphome::plant_pump
