using System.Buffers;
using PaimonSharp.Storage.Io;

namespace PaimonSharp.Storage.Formats.Parquet.Writing;

/// <summary>The finished pages of a column chunk, waiting for the row group's end, in pooled pieces of equal size.</summary>
internal sealed class PageStore : IDisposable
{
    private const int PieceBytes = 256 << 10;

    private readonly List<byte[]> _pieces = [];

    public long Length { get; private set; }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var used = (int)(Length % PieceBytes);
            if (used == 0)
            {
                _pieces.Add(ArrayPool<byte>.Shared.Rent(PieceBytes));
            }

            var count = Math.Min(PieceBytes - used, bytes.Length);
            bytes[..count].CopyTo(_pieces[^1].AsSpan(used));
            Length += count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Writes all pages to the file and forgets them.</summary>
    public async ValueTask DrainAsync(IOutputFile file, CancellationToken cancellationToken)
    {
        var left = Length;
        foreach (var piece in _pieces)
        {
            await file.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, PieceBytes)), cancellationToken).ConfigureAwait(false);
            left -= PieceBytes;
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
        Length = 0;
    }
}
