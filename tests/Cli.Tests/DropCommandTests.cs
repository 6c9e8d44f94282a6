using PaimonSharp.Storage.Tables;

namespace PaimonSharp.Cli.Tests;

/// <summary>What <c>paimonsharp drop</c> removes, and when it does not.</summary>
public class DropCommandTests
{
    [Fact]
    public async Task A_table_is_removed_only_with_yes()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();

        Assert.Contains("--yes", (await warehouse.RunAsync("drop", "shop.orders")).Expect(2).Error, StringComparison.Ordinal);
        Assert.True(Directory.Exists(warehouse.TablePath));

        (await warehouse.RunAsync("drop", "shop.orders", "--yes")).Expect(0);
        Assert.False(Directory.Exists(warehouse.TablePath));
        (await warehouse.RunAsync("drop", "shop.orders", "--yes")).Expect(2);
    }

    [Fact]
    public async Task A_table_that_a_sync_writes_is_kept()
    {
        using var warehouse = await OrdersWarehouse.CreateAsync();
        var catalog = await Catalog.OpenAsync(warehouse.Path, cancellationToken: TestContext.Current.CancellationToken);
        using (await catalog.LockForWritingAsync(new Identifier("shop", "orders"), TestContext.Current.CancellationToken))
        {
            var run = (await warehouse.RunAsync("drop", "shop.orders", "--yes")).Expect(1);
            Assert.Contains("being written", run.Error, StringComparison.Ordinal);
        }

        (await warehouse.RunAsync("scan", "shop.orders")).Expect(0);
    }
}
