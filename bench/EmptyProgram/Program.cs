// What the start of the command-line tool is measured against: the runtime, and one written byte.
using var output = Console.OpenStandardOutput();
output.WriteByte((byte)'\n');
