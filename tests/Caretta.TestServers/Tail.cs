using System.Text;

namespace Caretta.TestServers;

/// <summary>What a stream has brought so far.</summary>
internal sealed class Tail
{
    private readonly StringBuilder _text = new();

    public Tail(StreamReader reader) => _ = ReadAsync(reader);

    public override string ToString()
    {
        lock (_text)
        {
            return _text.ToString();
        }
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_text)
            {
                _text.AppendLine(line);
            }
        }
    }
}
