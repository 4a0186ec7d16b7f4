using System.Text;
using Caretta.Aggregator.Directory.Watches;

namespace Caretta.Tests.Aggregator.Directory.Watches;

public class LineReaderSpecs
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(70_000)]
    public async Task Lines_are_the_same_however_the_stream_is_cut_into_pieces(int piece)
    {
        string[] lines = ["a", new string('b', 200_000), "", "c"];
        await using var reader = new LineReader(new Pieces(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))), piece));

        Assert.Equal(lines, await ReadAll(reader));
    }

    [Fact]
    public async Task A_stream_that_ends_within_a_line_is_broken()
    {
        await using var reader = new LineReader(new MemoryStream("a\nb"u8.ToArray()));
        Assert.NotNull(await reader.NextAsync(default));
        await Assert.ThrowsAsync<IOException>(async () => await reader.NextAsync(default));
    }

    [Fact]
    public async Task A_line_that_does_not_end_is_given_up()
    {
        await using var reader = new LineReader(new Pieces(new byte[LineReader.LongestLine + 200_000], 1_000_000));
        await Assert.ThrowsAsync<IOException>(async () => await reader.NextAsync(default));
    }

    private static async Task<List<string>> ReadAll(LineReader reader)
    {
        var lines = new List<string>();
        while (await reader.NextAsync(default) is { } line)
        {
            lines.Add(Encoding.UTF8.GetString(line.Span));
        }

        return lines;
    }

    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
