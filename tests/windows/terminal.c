/* bcryptprimitives.dll, which Wine 8 lacks. It also plays the terminal: if CPIKEY_TTY names a file, what the program
   writes to its console goes there as UTF-8 instead of to the console of Wine, which knows no escape sequences. */
#include <windows.h>

BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count) {
  while (count) {
    ULONG part = count > 0x10000000 ? 0x10000000 : (ULONG)count;
    if (!SystemFunction036(bytes, part)) return FALSE;
    bytes += part;
    count -= part;
  }
  return TRUE;
}

static HANDLE terminal = INVALID_HANDLE_VALUE;

static BOOL WINAPI write_console(HANDLE console, const void *wide, DWORD count, LPDWORD written, LPVOID reserved) {
  char utf8[4 * 8192];
  DWORD part = count > 8192 ? 8192 : count, n;
  (void)console;
  (void)reserved;
  WriteFile(terminal, utf8, WideCharToMultiByte(CP_UTF8, 0, wide, part, utf8, sizeof utf8, 0, 0), &n, 0);
  if (written) *written = part;
  return TRUE;
}

BOOL WINAPI DllMain(HINSTANCE instance, DWORD why, LPVOID reserved) {
  char path[512];
  (void)instance;
  (void)reserved;
  if (why != DLL_PROCESS_ATTACH || !GetEnvironmentVariableA("CPIKEY_TTY", path, sizeof path)) return TRUE;
  terminal = CreateFileA(path, FILE_APPEND_DATA, FILE_SHARE_READ | FILE_SHARE_WRITE, 0, OPEN_ALWAYS, 0, 0);
  if (terminal == INVALID_HANDLE_VALUE) return TRUE;
  BYTE *base = (BYTE *)GetModuleHandleA(0);
  IMAGE_NT_HEADERS *headers = (void *)(base + ((IMAGE_DOS_HEADER *)base)->e_lfanew);
  IMAGE_IMPORT_DESCRIPTOR *import = (void *)(base + headers->OptionalHeader.DataDirectory[1].VirtualAddress);
  FARPROC real = GetProcAddress(GetModuleHandleA("kernel32"), "WriteConsoleW");
  for (; import->Name; import++)
    for (FARPROC *entry = (void *)(base + import->FirstThunk); *entry; entry++)
      if (*entry == real) {
        DWORD old;
        VirtualProtect(entry, sizeof *entry, PAGE_READWRITE, &old);
        *entry = (FARPROC)write_console;
      }
  return TRUE;
}
