using PaimonSharp.Cdc.Types;
using PaimonSharp.Data.Types;

namespace PaimonSharp.Cdc.Binlog.Decoders;

internal static class ColumnDecoders
{
    public static ColumnDecoder Create(
        TableMap table, string name, WireColumn wire, MySqlColumnType source, DataType target, TypeMappingOptions options) =>
        throw new NotSupportedException($"{table} {name} {wire} {source} {target} {options}");
}
