using PaimonSharp.Data.Types;

namespace PaimonSharp.Cli.Rows;

/// <summary>Chooses how rows are printed.</summary>
internal static class RowPrinters
{
    public static IRowPrinter Create(Terminal terminal, RowType rowType, bool json, bool withKinds) => json
        ? new JsonRowPrinter(terminal.Output)
        : new TableRowPrinter(terminal.Output, rowType, withKinds);
}
