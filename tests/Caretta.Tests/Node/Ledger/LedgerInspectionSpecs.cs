using System.Net;
using System.Text.Json;
using Caretta.Messages;
using Caretta.Messages.Settings;
using Caretta.Node;
using Caretta.Node.Ledger;
using Caretta.Node.Names;

namespace Caretta.Tests.Node.Ledger;

/// <summary>What <c>caretta-node ledger</c> tells.</summary>
public class LedgerInspectionSpecs
{
    private static readonly Guid Incarnation = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");

    private static readonly LedgerContents Contents = new(
        new LedgerIdentity("node-a", Incarnation, "boot-7", Guid.NewGuid(), Sequence: (1UL << 53) + 1) { LastPoll = DateTimeOffset.UnixEpoch },
        [],
        [new LedgerContents.LinkRow(1, new NetworkLink(new Workload("shop", "Deployment", "cart"), new Workload("shop", "Service", "db"), 5432, Role.Client), 41, new LinkTotals(ulong.MaxValue, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), default)],
        [])
    {
        Waiting =
        [
            new LedgerContents.WaitRow(
                1,
                new LinkEnds(Guid.Empty, LocalIsNode: true, new Address(IPAddress.Parse("10.0.0.1")), new Address(IPAddress.Parse("10.9.9.9")), 443, Role.Client),
                1_000_000_000, 8_000_000_000, new LinkTotals(77, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)),
        ],
    };

    [Fact]
    public void The_text_tells_whose_it_is_how_far_it_got_and_what_waits_for_a_name()
    {
        var text = LedgerText.Of(Contents);
        Assert.All(
            ["node-a", "00112233445566778899aabbccddeeff", "boot-7", "9007199254740993", "shop/Deployment/cart → shop/Service/db:5432", "18446744073709551615", " 41 ", "this node and 10.9.9.9, port 443"],
            told => Assert.Contains(told, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_json_tells_the_same_to_the_last_digit()
    {
        using var json = JsonDocument.Parse(LedgerJson.Of(Contents));
        var ledger = json.RootElement;
        Assert.Equal(("00112233445566778899aabbccddeeff", "9007199254740993"), (ledger.GetProperty("incarnation").GetString(), ledger.GetProperty("sequence").GetString()));
        Assert.Equal("18446744073709551615", ledger.GetProperty("links")[0].GetProperty("totals").GetProperty("sentBytes").GetString());
        Assert.Equal("41", ledger.GetProperty("links")[0].GetProperty("sequence").GetString());
        var waiting = ledger.GetProperty("waiting")[0];
        Assert.Equal(("10.9.9.9", 7), (waiting.GetProperty("remote").GetString(), waiting.GetProperty("seconds").GetInt32()));
        Assert.Equal("77", waiting.GetProperty("totals").GetProperty("sentBytes").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, "-o", "text")]
    [InlineData(true, "-o", "json")]
    [InlineData(true, "--output=json")]
    public void The_format_is_asked_for(bool json, params string[] args) => Assert.Equal(json, CommandLine.WantsJson(args));

    [Theory]
    [InlineData("-o", "xml")]
    [InlineData("-o")]
    [InlineData("everything")]
    public void What_is_not_understood_is_named(params string[] args) =>
        Assert.Contains(args[^1], Assert.Throws<SettingException>(() => CommandLine.WantsJson(args)).Message, StringComparison.Ordinal);
}
