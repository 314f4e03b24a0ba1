// The node: wires everything, and holds the conversation with Home Assistant.
#pragma once
#include <stdint.h>

#include "backlog.h"
#include "identity.h"
#include "ids.h"
#include "interlock.h"
#include "ledger.h"
#include "life.h"
#include "line_reader.h"
#include "message.h"
#include "outputs.h"
#include "sampler.h"
#include "started.h"
#include "wiring.h"

namespace plant {

class Node {
 public:
  // Sets everything: nothing is expected of the memory.
  void begin();

  // One turn of the main loop; nothing in it waits for longer than a message takes to go out.
  void poll();

  // A byte of the cable. False when it can't be taken yet: a whole line waits to be read.
  bool hear(uint8_t byte);
  // Bytes of the cable were lost.
  void deaf() { reader_.spoil(); }

 private:
  // Logs that wait to be sent, as bits.
  enum Log : uint8_t { kLedgerLost = 1, kIdsLost = 2, kWiringLost = 4, kHung = 8 };
  static const uint8_t kLogCount = 4;

  struct Ack {
    Id id;
    Error error;
    uint32_t wait_ms;  // until it may be asked again; 0: not said
  };
  static const uint8_t kAcks = 4;
  static const uint8_t kBurst = 4;  // messages at once after a pause

  void connect(uint8_t slot);
  void load_rhythm();
  void use_rhythm(uint32_t every, uint16_t sample);
  bool keep_rhythm(uint32_t every, uint16_t sample);
  void read_line();
  void take(const Message &m);
  void opened();
  void confirmed(const Message &m);
  void blink(uint16_t now, bool connected);
  void restart_when_told(uint16_t now);

  // commands.cpp
  void command(const Message &m);
  void acknowledge(const Id &id, Error error);
  Error channel(const Message &m, uint8_t *slot) const;
  bool note(const Message &m);
  Error run(const Message &m);
  Error switch_on(const Message &m, uint8_t slot);
  Error set_level(const Message &m, uint8_t slot);
  void stop(const Message &m);
  Error restart(const Message &m);
  Error configure(const Message &m, Error wrong, uint8_t slot);
  Error set_rhythm(const Message &m);
  Error calibrate(const Message &m, uint8_t slot);
  Error wire(const Message &m, Error wrong, uint8_t slot);
  Error unfinished();

  // talk.cpp
  void talk(uint32_t now);
  void send_next(uint32_t now);
  void send_hello();
  void send_ack(const Ack &ack);
  bool send_log();
  void send_readings(const ReadingSet &set, uint32_t number, uint32_t now);
  void spoken();

  LineReader reader_;
  Identity identity_;
  Wiring wiring_;
  Life life_;
  Ledger ledger_;
  Ids ids_;
  Started started_;
  Interlock interlock_;
  Outputs outputs_;
  Backlog backlog_;
  Sampler sampler_;
  Ack acks_[kAcks];
  uint32_t every_;  // seconds
  uint32_t spoke_at_, heard_at_;
  uint32_t wait_ms_;  // of the command that is being done
  uint16_t safety_at_, bucket_at_, restart_at_, blink_from_;
  uint16_t tokens_;
  uint16_t sample_;  // seconds
  uint8_t ack_count_, logs_;
  uint8_t heartbeats_;  // empty lines that wait for their answer
  bool line_waits_;
  bool hello_due_, greeted_, restarting_, blinking_;
};

}  // namespace plant
