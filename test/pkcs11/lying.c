// A PKCS#11 library for tests: all is SoftHSM2's, but for what KEYWARD_LIE says
// about C_Sign, C_Login, C_OpenSession, C_GetAttributeValue, C_FindObjects and
// C_WrapKey. Built by buildLyingLibrary.ts. KEYWARD_LIE_TIMES says how often it lies before it is honest.
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long CK_ULONG;
typedef CK_ULONG CK_RV;
typedef CK_RV (*Any)(void);
typedef struct {
  unsigned char version[2];
  Any functions[68];
} List;

enum { initialize = 0, finalize = 1, open_session = 12, close_all = 14,
       login = 18, get_attribute = 24, find_objects = 27, sign = 43, wrap_key = 60 };

static List real, lying;

static int lies(const char *kind) {
  const char *now = getenv("KEYWARD_LIE");
  if (now == NULL || strcmp(now, kind) != 0) return 0;
  const char *times = getenv("KEYWARD_LIE_TIMES");
  int left = times == NULL ? 1 : atoi(times);
  if (left <= 0) return 0;
  char text[16];
  int length = 0;
  for (int rest = left - 1; length == 0 || rest > 0; rest /= 10)
    text[length++] = (char)('0' + rest % 10);
  for (int i = 0; i < length / 2; i++) {
    char other = text[i];
    text[i] = text[length - 1 - i];
    text[length - 1 - i] = other;
  }
  text[length] = 0;
  setenv("KEYWARD_LIE_TIMES", text, 1);
  return 1;
}

// The order of the group less s, so that a low s becomes a high one.
static void flip(unsigned char *s) {
  static const unsigned char order[32] = {
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48,
      0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41};
  int borrow = 0;
  for (int i = 31; i >= 0; i--) {
    int digit = order[i] - s[i] - borrow;
    borrow = digit < 0;
    s[i] = (unsigned char)(digit + (borrow ? 256 : 0));
  }
}

static CK_RV lying_sign(CK_ULONG session, unsigned char *data, CK_ULONG size,
                        unsigned char *out, CK_ULONG *length) {
  typedef CK_RV (*Sign)(CK_ULONG, unsigned char *, CK_ULONG, unsigned char *,
                        CK_ULONG *);
  if (lies("removed")) return 0x32;
  if (lies("device error")) return 0x30;
  if (lies("session lost")) {
    ((CK_RV(*)(CK_ULONG))real.functions[13])(session);
    return 0xb3;
  }
  if (lies("finalized")) {
    ((CK_RV(*)(void *))real.functions[finalize])(NULL);
    return 0x190;
  }
  if (lies("slow")) usleep(1500 * 1000);
  unsigned char changed[32];
  if (size == 32 && lies("another digest")) {
    memcpy(changed, data, 32);
    changed[0] ^= 1;
    data = changed;
  }
  CK_RV code = ((Sign)real.functions[sign])(session, data, size, out, length);
  if (code != 0 || *length != 64) return code;
  if (lies("high s") && out[32] < 0x80) flip(out + 32);
  if (lies("low s") && out[32] >= 0x80) flip(out + 32);
  if (lies("63 bytes")) *length = 63;
  if (lies("65 bytes")) out[64] = 0, *length = 65;
  if (lies("no bytes")) *length = 0;
  if (lies("zeros")) memset(out, 0, 64);
  if (lies("ones")) memset(out, 0xff, 64);
  if (lies("swapped")) {
    unsigned char r[32];
    memcpy(r, out, 32);
    memcpy(out, out + 32, 32);
    memcpy(out + 32, r, 32);
  }
  return code;
}

static CK_RV lying_login(CK_ULONG session, CK_ULONG user, void *pin,
                         CK_ULONG size) {
  typedef CK_RV (*Login)(CK_ULONG, CK_ULONG, void *, CK_ULONG);
  if (lies("locked")) return 0xa4;
  if (lies("expired")) return 0xa3;
  return ((Login)real.functions[login])(session, user, pin, size);
}

static CK_RV lying_open(CK_ULONG slot, CK_ULONG flags, void *application,
                        void *notify, CK_ULONG *session) {
  typedef CK_RV (*Open)(CK_ULONG, CK_ULONG, void *, void *, CK_ULONG *);
  if (lies("no session")) return 0xb1;
  if (lies("not present")) return 0xe0;
  return ((Open)real.functions[open_session])(slot, flags, application, notify,
                                              session);
}

static CK_RV lying_wrap(CK_ULONG session, void *mechanism, CK_ULONG by,
                        CK_ULONG key, unsigned char *out, CK_ULONG *length) {
  typedef CK_RV (*Wrap)(CK_ULONG, void *, CK_ULONG, CK_ULONG, unsigned char *,
                        CK_ULONG *);
  // The probe of a session's own keys is the first.
  if (lies("die in the second wrapping") && getenv("KEYWARD_WRAPPED") != NULL)
    kill(getpid(), SIGKILL);
  setenv("KEYWARD_WRAPPED", "1", 1);
  return ((Wrap)real.functions[wrap_key])(session, mechanism, by, key, out,
                                          length);
}

static CK_RV lying_find(CK_ULONG session, CK_ULONG *found, CK_ULONG most,
                        CK_ULONG *count) {
  typedef CK_RV (*Find)(CK_ULONG, CK_ULONG *, CK_ULONG, CK_ULONG *);
  if (lies("hides")) return *count = 0, 0;
  if (lies("one at a time")) most = 1;
  return ((Find)real.functions[find_objects])(session, found, most, count);
}

typedef struct {
  CK_ULONG type;
  void *value;
  CK_ULONG length;
} Attribute;

static CK_RV lying_attribute(CK_ULONG session, CK_ULONG object,
                             Attribute *template, CK_ULONG count) {
  typedef CK_RV (*Get)(CK_ULONG, CK_ULONG, Attribute *, CK_ULONG);
  CK_RV code = ((Get)real.functions[get_attribute])(session, object, template,
                                                    count);
  if (code != 0 || template->type != 0x181) return code;
  unsigned char *point = template->value;
  if (lies("bare point")) {
    template->length -= 2;
    memmove(point, point + 2, template->length);
  }
  if (lies("compressed point")) {
    template->length = 33;
    point[0] = 0x02;
    memmove(point + 1, point + 3, 32);
  }
  if (lies("point off the curve")) point[66] ^= 1;
  return code;
}

CK_RV C_GetFunctionList(List **list) {
  void *library = dlopen(getenv("KEYWARD_REAL_LIBRARY"), RTLD_NOW);
  if (library == NULL) return 5;
  CK_RV (*get)(List **) = (CK_RV(*)(List **))dlsym(library, "C_GetFunctionList");
  List *found = NULL;
  CK_RV code = get(&found);
  if (code != 0) return code;
  real = *found;
  lying = real;
  lying.functions[sign] = (Any)lying_sign;
  lying.functions[login] = (Any)lying_login;
  lying.functions[open_session] = (Any)lying_open;
  lying.functions[get_attribute] = (Any)lying_attribute;
  lying.functions[find_objects] = (Any)lying_find;
  lying.functions[wrap_key] = (Any)lying_wrap;
  *list = &lying;
  return 0;
}
