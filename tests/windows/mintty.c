/* Starts a program as Git Bash does, on pipes whose names pass for a terminal: mintty.exe RESULT COMMAND
   RESULT gets the status and what the program wrote. */
#include <windows.h>
#include <stdio.h>

static HANDLE pipe_of(const char *name, HANDLE *theirs) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, 0, TRUE};
  HANDLE ours = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX, 0, 1, 65536, 65536, 0, 0);
  *theirs = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, &inherited, OPEN_EXISTING, 0, 0);
  return ours;
}

int main(int count, char **argument) {
  static char wrote[65536];
  HANDLE input, output;
  DWORD n = 0, there = 0, status;
  if (count < 3) return 9;
  FILE *result = fopen(argument[1], "w");
  HANDLE to = pipe_of("\\\\.\\pipe\\msys-dd50a72ab4668b33-pty0-from-master", &input);
  HANDLE from = pipe_of("\\\\.\\pipe\\msys-dd50a72ab4668b33-pty0-to-master", &output);
  FreeConsole();
  AllocConsole();
  STARTUPINFOA start = {sizeof start};
  PROCESS_INFORMATION process;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdInput = input;
  start.hStdOutput = start.hStdError = output;
  if (!result || !CreateProcessA(0, argument[2], 0, 0, TRUE, 0, 0, 0, &start, &process)) return 9;
  WaitForSingleObject(process.hProcess, 3000);
  WriteFile(to, "q\x03", 2, &n, 0);
  WaitForSingleObject(process.hProcess, 3000);
  GetExitCodeProcess(process.hProcess, &status);
  PeekNamedPipe(from, 0, 0, 0, &there, 0);
  n = 0;
  if (there) ReadFile(from, wrote, there < sizeof wrote ? there : sizeof wrote - 1, &n, 0);
  fprintf(result, "status %ld\n%.*s\n", (long)status, (int)n, wrote);
  fclose(result);
  if (status == STILL_ACTIVE) TerminateProcess(process.hProcess, 9);
  return 0;
}
