using System.Buffers;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>
/// The finished pages of a column chunk, waiting for the row group's end, in pooled pieces: small ones first, as a table may have
/// hundreds of columns, then larger ones, as the pool keeps only so many of a size.
/// </summary>
internal sealed class PageStore : IDisposable
{
    private const int SmallestPieceBytes = 16 << 10;
    private const int LargestPieceBytes = 1 << 20;

    private readonly List<byte[]> _pieces = [];
    private readonly List<int> _used = [];

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (_pieces.Count == 0 || _used[^1] == _pieces[^1].Length)
            {
                var size = Math.Clamp(Length, SmallestPieceBytes, LargestPieceBytes);
                _pieces.Add(ArrayPool<byte>.Shared.Rent((int)size));
                _used.Add(0);
            }

            var piece = _pieces[^1].AsSpan(_used[^1]);
            var count = Math.Min(piece.Length, bytes.Length);
            bytes[..count].CopyTo(piece);
            _used[^1] += count;
            Length += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Writes all pages to the file and forgets them.</summary>
    public async ValueTask DrainAsync(IOutputFile file, CancellationToken cancellationToken)
    {
        for (var i = 0; i < _pieces.Count; i++)
        {
            await file.WriteAsync(_pieces[i].AsMemory(0, _used[i]), cancellationToken).ConfigureAwait(false);
        }

        Dispose();
    }

    public void Dispose()
    {
        foreach (var piece in _pieces)
        {
            ArrayPool<byte>.Shared.Return(piece);
        }

        _pieces.Clear();
        _used.Clear();
        Length = 0;
    }
}
