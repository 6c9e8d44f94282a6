using System.Buffers;
using System.Text.Json;

namespace PaimonSharp.Cdc.Binlog.Json;

internal sealed class PersonRowWriter
{
    public void Write(RowsEvent rows, string file, string gtid, IBufferWriter<byte> output, Utf8JsonWriter json) =>
        throw new NotSupportedException($"{rows} {file} {gtid} {output} {json}");
}
