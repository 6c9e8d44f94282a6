using PaimonSharp.Data;
using PaimonSharp.Data.Text;
using PaimonSharp.Data.Types;
using PaimonSharp.Data.Vectors;

namespace PaimonSharp.Cli.Rows;

/// <summary>An aligned table for people, in pages so that rows of any number can be printed as they come.</summary>
internal sealed class TableRowPrinter(Stream output, RowType rowType, bool withKinds) : IRowPrinter
{
    private const int RowsPerPage = 500;

    private readonly AlignedText _page = new(
        [.. withKinds ? (string[])["snapshot", ""] : [], .. rowType.Fields.Select(field => field.Name)]);

    private bool _anyPage;

    public void Print(ColumnBatch batch, int start, int count, long? snapshotId = null)
    {
        for (var row = start; row < start + count; row++)
        {
            var cells = batch.Columns.Select(column => column.IsNull(row) ? "NULL" : ValueText.Format(column, row));
            _page.Add(withKinds
                ? [snapshotId?.ToString() ?? "", batch.KindOf(row).ToShortText(), .. cells]
                : [.. cells]);
            if (_page.RowCount == RowsPerPage)
            {
                Flush();
            }
        }
    }

    public void Flush()
    {
        if (_page.RowCount > 0 || (!_anyPage && !withKinds))
        {
            _page.WriteTo(output, continues: withKinds && _anyPage);
            _anyPage = true;
        }
    }
}
