using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using PaimonSharp.Cdc.Binlog;
using PaimonSharp.Data.Errors;

namespace PaimonSharp.Cdc.Tests.Binlog;

public sealed class GtidSetTests
{
    private static readonly Guid First = Guid.Parse("107855e5-e559-11f1-a5c2-02fc00000001");
    private static readonly Guid Second = Guid.Parse("9d9658bd-e559-11f1-a5c2-02fc00000001");

    [Fact]
    public void A_set_is_the_set_of_what_was_added()
    {
        Prop.ForAll<byte[]>(numbers =>
        {
            var set = new GtidSet();
            var model = new HashSet<Gtid>();
            foreach (var number in numbers)
            {
                var gtid = new Gtid((number & 1) == 0 ? First : Second, (number & 2) == 0 ? "" : "tag_a", 1 + (number >> 2));
                set.Add(gtid);
                model.Add(gtid);
            }

            var all = new List<Gtid>();
            foreach (var source in (Guid[])[First, Second])
            {
                all.AddRange(Enumerable.Range(1, 66).Select(number => new Gtid(source, "", number)));
                all.AddRange(Enumerable.Range(1, 66).Select(number => new Gtid(source, "tag_a", number)));
            }

            return all.All(gtid => set.Contains(gtid) == model.Contains(gtid))
                && GtidSet.Parse(set.ToString()).ToString() == set.ToString()
                && GtidSet.Decode(Encoded(set)).ToString() == set.ToString();
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_union_contains_both_and_nothing_else()
    {
        var set = GtidSet.Parse($"{First}:1-3:7,\n{Second}:tag_a:5");
        var other = GtidSet.Parse($"{First}:4-6:9");
        var union = set.Clone();
        union.Union(other);

        Assert.Equal($"{First}:1-7:9,{Second}:tag_a:5", union.ToString());
        Assert.True(union.Contains(set) && union.Contains(other));
        Assert.False(set.Contains(union));
    }

    [Fact]
    public void A_set_without_tags_is_written_as_old_servers_read_it()
    {
        var bytes = Encoded(GtidSet.Parse($"{First}:1-3"));

        Assert.Equal("0100000000000000" + "107855e5e55911f1a5c202fc00000001" + "0100000000000000" + "0100000000000000" + "0400000000000000",
            Convert.ToHexStringLower(bytes));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("107855e5-e559-11f1-a5c2-02fc00000001")]
    [InlineData("107855e5-e559-11f1-a5c2-02fc00000001:0")]
    [InlineData("107855e5-e559-11f1-a5c2-02fc00000001:5-3")]
    [InlineData("107855e5-e559-11f1-a5c2-02fc00000001:1-")]
    public void What_is_no_set_is_refused(string text) =>
        Assert.Equal(ErrorKind.Invalid, Assert.Throws<PaimonException>(() => GtidSet.Parse(text)).Kind);

    private static byte[] Encoded(GtidSet set)
    {
        var output = new ArrayBufferWriter<byte>();
        set.Encode(output);
        return output.WrittenSpan.ToArray();
    }
}
