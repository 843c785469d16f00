/* Types a script into a program on a Windows console: drive.exe SCRIPT RESULT COLUMNSxROWS PROGRAM [ARGUMENT...]

   A line of the script is a letter, a space and what it needs:
     t TEXT    pasted as the console does it: each character a key, and no pause between them
     h TEXT    typed by hand, one key after the other
     f FILE    a file, pasted; L with line feeds as Ctrl+Enter, as some terminals send them
     c FILE    Ctrl+C, and in the same moment a file
     y SIGNS   from here on these signs take AltGr, which is Ctrl with Alt, as on most keyboards of Europe
     n SIGNS   from here on the keyboard has no key for these signs, so that the console pastes them as Alt codes
     k VK [CHARACTER [STATE]]   one key, in hexadecimal
     e EVENT   what the console tells the program, as a number: 1 Ctrl+Break, 2 its window is closed, 5 the person logs off
     b         says in RESULT whether there is a text in the clipboard
     s MS      waits
     q MS      waits until the program has written something, and then nothing for so long; 60 seconds at most
     p NAME    marks the place where a picture is made: NAME is written to what the terminal gets
   What became of it goes to RESULT: the status, how many typed characters a shell would get, the modes of the console. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

static HANDLE input;
static INPUT_RECORD queue[1 << 20];
static int queued;
static WCHAR alt_gr[64], alt_codes[64];

/* So many records at once are what a console delivers of a paste. */
#define PART 256

static void add(int down, WORD key, WCHAR c, DWORD state) {
  INPUT_RECORD *r = &queue[queued++];
  memset(r, 0, sizeof *r);
  r->EventType = KEY_EVENT;
  r->Event.KeyEvent.bKeyDown = down;
  r->Event.KeyEvent.wRepeatCount = 1;
  r->Event.KeyEvent.wVirtualKeyCode = key;
  r->Event.KeyEvent.uChar.UnicodeChar = c;
  r->Event.KeyEvent.dwControlKeyState = state;
}

static void stroke(WORD key, WCHAR c, DWORD state) {
  add(1, key, c, state);
  add(0, key, c, state);
}

static void deliver(int at_once) {
  DWORD n;
  for (int at = 0; at < queued; at += n) {
    int count = queued - at > at_once ? at_once : queued - at;
    if (!WriteConsoleInputW(input, queue + at, count, &n) || !n) break;
  }
  queued = 0;
}

static void character(WCHAR c, int feeds, int by_hand) {
  if (c == '\r') return;
  if (c == '\n') {
    stroke(VK_RETURN, feeds ? '\n' : '\r', feeds ? LEFT_CTRL_PRESSED : 0);
    return;
  }
  if (wcschr(alt_gr, c)) {
    DWORD both = LEFT_CTRL_PRESSED | RIGHT_ALT_PRESSED;
    if (by_hand) add(1, VK_CONTROL, 0, LEFT_CTRL_PRESSED);
    add(1, VK_MENU, 0, both | (by_hand ? ENHANCED_KEY : 0));
    stroke(0xDB, c, both);
    if (by_hand) add(0, VK_CONTROL, 0, RIGHT_ALT_PRESSED | ENHANCED_KEY);
    add(0, VK_MENU, 0, ENHANCED_KEY);
    return;
  }
  if (wcschr(alt_codes, c)) {
    char number[8];
    add(1, VK_MENU, 0, LEFT_ALT_PRESSED);
    snprintf(number, sizeof number, "%d", c < 256 ? c : '?');
    for (char *digit = number; *digit; digit++) stroke(VK_NUMPAD0 + *digit - '0', 0, LEFT_ALT_PRESSED);
    add(0, VK_MENU, c, 0);
    return;
  }
  SHORT key = VkKeyScanW(c);
  int shift = key != -1 && (key >> 8 & 1);
  if (shift) add(1, VK_SHIFT, 0, SHIFT_PRESSED);
  stroke(key == -1 ? 0 : key & 255, c, shift ? SHIFT_PRESSED : 0);
  if (shift) add(0, VK_SHIFT, 0, 0);
}

static void text(const char *utf8, int feeds) {
  static WCHAR wide[1 << 18];
  int n = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, wide, 1 << 18);
  for (int i = 0; i < n - 1; i++) character(wide[i], feeds, 0);
}

static void type(const char *utf8) {
  WCHAR wide[1024];
  int n = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, wide, 1024);
  for (int i = 0; i < n - 1; i++) {
    character(wide[i], 0, 1);
    deliver(PART);
    Sleep(120);
  }
}

static void file(const char *name, int feeds) {
  static char bytes[1 << 18];
  FILE *f = fopen(name, "rb");
  int n = f ? (int)fread(bytes, 1, sizeof bytes - 1, f) : 0;
  bytes[n] = 0;
  if (f) fclose(f);
  text(bytes, feeds);
}

/* A console tells its programs something by starting this function in each of them. */
static void tell(HANDLE process, int event) {
  LPTHREAD_START_ROUTINE routine = (void *)GetProcAddress(GetModuleHandleA("kernelbase"), "CtrlRoutine");
  if (routine) CloseHandle(CreateRemoteThread(process, 0, 0, routine, (void *)(INT_PTR)event, 0, 0));
}

/* What a shell would get: keys with a character that were pressed. */
static DWORD typed(void) {
  DWORD n = 0, count = 0;
  if (!PeekConsoleInputW(input, queue, sizeof queue / sizeof *queue, &n)) return 0;
  for (DWORD i = 0; i < n; i++)
    count += queue[i].EventType == KEY_EVENT && queue[i].Event.KeyEvent.bKeyDown && queue[i].Event.KeyEvent.uChar.UnicodeChar;
  return count;
}

static void mark(const char *name) {
  const char *terminal = getenv("CPIKEY_TTY");
  FILE *f = terminal ? fopen(terminal, "ab") : NULL;
  if (!f) return;
  fprintf(f, "\x1b]picture;%s\x07", name);
  fclose(f);
}

static long written(void) {
  WIN32_FILE_ATTRIBUTE_DATA about;
  const char *terminal = getenv("CPIKEY_TTY");
  return terminal && GetFileAttributesExA(terminal, GetFileExInfoStandard, &about) ? (long)about.nFileSizeLow : 0;
}

static void quiet(int patience) {
  long size = written();
  for (int waited = 0, still = 0; waited < 60000 && (!size || still < patience); waited += 50) {
    Sleep(50);
    still = written() == size ? still + 50 : 0;
    size = written();
  }
}

static const char *clipboard(void) {
  HANDLE text = OpenClipboard(0) ? GetClipboardData(CF_UNICODETEXT) : 0;
  const WCHAR *first = text ? GlobalLock(text) : 0;
  const char *state = first && *first ? "full" : "empty";
  if (first) GlobalUnlock(text);
  CloseClipboard();
  return state;
}

int main(int count, char **argument) {
  static char line[4096], command[8192];
  int columns = 100, rows = 30;
  if (count < 5) return 9;
  FILE *script = fopen(argument[1], "r"), *result = fopen(argument[2], "w");
  if (!script || !result) return 9;
  sscanf(argument[3], "%dx%d", &columns, &rows);
  FreeConsole();
  AllocConsole();
  input = CreateFileA("CONIN$", GENERIC_READ | GENERIC_WRITE, 3, 0, OPEN_EXISTING, 0, 0);
  HANDLE output = CreateFileA("CONOUT$", GENERIC_READ | GENERIC_WRITE, 3, 0, OPEN_EXISTING, 0, 0);
  SetStdHandle(STD_INPUT_HANDLE, input);
  SetStdHandle(STD_OUTPUT_HANDLE, output);
  SetStdHandle(STD_ERROR_HANDLE, output);
  COORD size = {(SHORT)columns, (SHORT)rows};
  SMALL_RECT one = {0, 0, 0, 0}, window = {0, 0, (SHORT)(columns - 1), (SHORT)(rows - 1)};
  SetConsoleWindowInfo(output, TRUE, &one);
  SetConsoleScreenBufferSize(output, size);
  SetConsoleWindowInfo(output, TRUE, &window);
  for (int i = 4; i < count; i++) {
    strcat(command, "\"");
    strcat(command, argument[i]);
    strcat(command, "\" ");
  }
  STARTUPINFOA start = {sizeof start};
  PROCESS_INFORMATION process;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdInput = input;
  start.hStdOutput = start.hStdError = output;
  SetHandleInformation(input, 1, 1);
  SetHandleInformation(output, 1, 1);
  if (!CreateProcessA(0, command, 0, 0, TRUE, 0, 0, 0, &start, &process)) {
    fprintf(result, "not started: %lu\n", GetLastError());
    return 9;
  }
  /* Ctrl+C goes to every program of the console; this one is not meant. */
  SetConsoleCtrlHandler(NULL, TRUE);
  DWORD status = STILL_ACTIVE, in = 0, out = 0;
  while (fgets(line, sizeof line, script)) {
    line[strcspn(line, "\r\n")] = 0;
    char *rest = line[0] && line[1] ? line + 2 : "";
    unsigned key = 0, c = 0, state = 0;
    switch (*line) {
      case 't': text(rest, 0); deliver(PART); break;
      case 'h': type(rest); break;
      case 'f': file(rest, 0); deliver(PART); break;
      case 'L': file(rest, 1); deliver(PART); break;
      case 'c':
        add(1, 0x43, 3, LEFT_CTRL_PRESSED);
        file(rest, 0);
        deliver(queued);
        break;
      case 'y': MultiByteToWideChar(CP_UTF8, 0, rest, -1, alt_gr, 64); break;
      case 'e': tell(process.hProcess, atoi(rest)); break;
      case 'n': MultiByteToWideChar(CP_UTF8, 0, rest, -1, alt_codes, 64); break;
      case 'b': fprintf(result, "clipboard %s\n", clipboard()); break;
      case 's': Sleep(atoi(rest)); break;
      case 'q': quiet(atoi(rest)); break;
      case 'p': mark(rest); break;
      case 'k':
        sscanf(rest, "%x %x %x", &key, &c, &state);
        /* Wine takes the release of Ctrl+C for another one. */
        if (c == 3) add(1, (WORD)key, (WCHAR)c, state);
        else stroke((WORD)key, (WCHAR)c, state);
        deliver(PART);
        break;
    }
    GetExitCodeProcess(process.hProcess, &status);
    if (status != STILL_ACTIVE) {
      fprintf(result, "ended after: %s\n", line);
      break;
    }
  }
  WaitForSingleObject(process.hProcess, 15000);
  GetExitCodeProcess(process.hProcess, &status);
  GetConsoleMode(input, &in);
  GetConsoleMode(output, &out);
  fprintf(result, "clipboard %s at the end\n", clipboard());
  fprintf(result, "status %ld, unread %lu, input mode %lx, output mode %lx\n", (long)status, typed(), in, out);
  fclose(result);
  if (status == STILL_ACTIVE) TerminateProcess(process.hProcess, 99);
  return 0;
}
