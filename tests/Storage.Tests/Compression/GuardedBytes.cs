using System.Runtime.InteropServices;

namespace PaimonSharp.Storage.Tests.Compression;

/// <summary>Memory between two pages that must not be touched: one byte read or written outside ends the process.</summary>
internal sealed unsafe partial class GuardedBytes : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly nuint _mappedBytes;
    private readonly byte* _first;
    private readonly int _capacity;

    public GuardedBytes(int capacity)
    {
        var page = Environment.SystemPageSize;
        _capacity = (capacity + page - 1) / page * page;
        _mappedBytes = (nuint)(_capacity + (2 * page));
        var start = Map(null, _mappedBytes, 0, PrivateAnonymous, -1, 0);
        Assert.True((nint)start != -1 && Protect(start + page, (nuint)_capacity, ReadWrite) == 0);
        _first = start + page;
    }

    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>The last bytes before the forbidden page, or the first ones after the other.</summary>
    public Span<byte> Take(int length, bool atEnd) =>
        new(atEnd ? _first + _capacity - length : _first, length);

    public Span<byte> Fill(ReadOnlySpan<byte> bytes, bool atEnd)
    {
        var span = Take(bytes.Length, atEnd);
        bytes.CopyTo(span);
        return span;
    }

    public void Dispose() => _ = Unmap(_first - Environment.SystemPageSize, _mappedBytes);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(byte* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint length);
}
