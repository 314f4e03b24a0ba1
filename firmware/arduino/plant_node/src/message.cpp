#include "message.h"

#include <stddef.h>
#include <string.h>

#include "json.h"

namespace plant {

namespace {

const uint8_t kNameMax = 7;

// How a field is read; from kText on its room in bytes is added.
enum Form : uint8_t { kWhole, kThousandths, kText };

// A known field: its name, its form and where in a Message it goes.
struct Row {
  char name[kNameMax];
  uint8_t form;
  uint8_t offset;
};

#define PV_ROW(name, form, member) {name, static_cast<uint8_t>(form), offsetof(Message, member)}

const Row kTop[] PROGMEM = {
    PV_ROW("c", kText + kIdMax, id),    PV_ROW("ch", kWhole, channel), PV_ROW("ms", kWhole, ms),
    PV_ROW("lv", kWhole, level),        PV_ROW("n", kWhole, number),   PV_ROW("b", kText + 8, boot),
};
const Row kSetting[] PROGMEM = {
    PV_ROW("med", kWhole, median),      PV_ROW("hb", kWhole, heartbeat),
    PV_ROW("every", kWhole, every),     PV_ROW("sample", kWhole, sample),
    PV_ROW("db", kThousandths, band),   PV_ROW("at", kText + 4, at),
    PV_ROW("k", kText + 5, kind),       PV_ROW("lb", kText + kLabelMax, label),
};

// In the order of Op, each behind its length.
const char kOps[] PROGMEM = "\2on\3off\5level\4stop\4ping\10identify\7restart\6config\3cal\4wire";
// In the order of Type.
const char kTypes[] PROGMEM = "\2hi\3got\3cmd";

// The place of a word in a list, from 1; one more than there are for a word that is not in it.
uint8_t place_of(const Token &word, const char *list) {
  char text[8];
  uint8_t size;
  if (!decode(word, text, sizeof text, &size)) size = 0xFF;
  for (uint8_t place = 1;; ++place) {
    const uint8_t length = pgm_read_byte(list);
    if (length == 0 || (length == size && memcmp_P(text, list + 1, size) == 0)) return place;
    list += length + 1;
  }
}

bool is_number(const Token &value) {
  return value.type == Json::kInteger || value.type == Json::kDecimal;
}

void take(const Token &value, uint8_t form, uint8_t *to) {
  if (form < kText) {
    Whole *const whole = reinterpret_cast<Whole *>(to);
    const bool good = form == kWhole ? value.type == Json::kInteger : is_number(value);
    whole->value = good ? scaled(value, form == kWhole ? 0 : 3) : 0;
    whole->is = good && (form == kWhole || whole->value >= 0) ? Field::kGood : Field::kWrong;
    return;
  }
  // All texts begin alike, whatever their room.
  Text<1> *const text = reinterpret_cast<Text<1> *>(to);
  const bool good = value.type == Json::kString &&
                    decode(value, text->text, static_cast<uint8_t>(form - kText), &text->size);
  text->is = good ? Field::kGood : Field::kWrong;
  if (!good) text->size = 0;
}

// Takes the field if it is in the table.
void take_known(const Row *row, uint8_t rows, const char *name, const Token &value, Message *out) {
  for (; rows--; ++row) {
    if (memcmp_P(name, row->name, kNameMax) != 0) continue;
    take(value, pgm_read_byte(&row->form),
         reinterpret_cast<uint8_t *>(out) + pgm_read_byte(&row->offset));
  }
}

class Reader : public Visitor {
 public:
  explicit Reader(Message *out) : out_(*out) {}

  void field(const Token *inside, const Token &token, const Token &value) override {
    char name[kNameMax];
    uint8_t size;
    memset(name, 0, sizeof name);
    if (!decode(token, name, sizeof name, &size)) return;
    if (inside) {
      if (!same(*inside, PV_FLASH("set"))) return;
      take_known(kSetting, sizeof kSetting / sizeof *kSetting, name, value, &out_);
      // `null` is how some say that there is no label.
      const bool null = value.type == Json::kWord && *value.text == 'n';
      if (null && is(name, PSTR("lb\0\0\0\0"))) out_.label.is = Field::kAbsent;
      return;
    }
    take_known(kTop, sizeof kTop / sizeof *kTop, name, value, &out_);
    const bool text = value.type == Json::kString;
    if (is(name, PSTR("t\0\0\0\0\0"))) {
      out_.type = text ? static_cast<Type>(place_of(value, kTypes)) : Type::kNone;
    } else if (is(name, PSTR("op\0\0\0\0"))) {
      out_.op = text ? static_cast<Op>(place_of(value, kOps)) : Op::kNone;
    } else if (is(name, PSTR("now\0\0\0"))) {
      const bool good = value.type == Json::kInteger && *value.text != '-';
      out_.now = good ? Field::kGood : Field::kWrong;
    } else if (is(name, PSTR("set\0\0\0"))) {
      // A second `set` replaces the first one altogether, as with any JSON reader.
      memset(&out_.median, 0, sizeof out_ - offsetof(Message, median));
      out_.set = value.type == Json::kObject ? Field::kGood : Field::kWrong;
    }
    if (out_.id.size == 0 && out_.id.is == Field::kGood) out_.id.is = Field::kWrong;
  }

 private:
  static bool is(const char *name, const char *in_flash) {
    return memcmp_P(name, in_flash, kNameMax) == 0;
  }

  Message &out_;
};

}  // namespace

bool read_message(const char *json, size_t size, Message *out) {
  memset(out, 0, sizeof *out);
  Reader reader(out);
  return walk(json, size, &reader) && out->type != Type::kNone;
}

}  // namespace plant
