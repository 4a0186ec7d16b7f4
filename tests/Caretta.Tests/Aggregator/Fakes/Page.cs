using System.Globalization;
using System.Text;

namespace Caretta.Tests.Aggregator.Fakes;

/// <summary>A page in Prometheus' text format, read back strictly: what is not the format throws.</summary>
internal sealed class Page
{
    public Dictionary<string, string> Types { get; } = [];

    public List<Sample> Samples { get; } = [];

    public static async Task<Page> ScrapeAsync(Uri http)
    {
        using var client = new HttpClient();
        return Parse(await client.GetStringAsync(new Uri(http, "/metrics"), TestContext.Current.CancellationToken));
    }

    public static Page Parse(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var page = new Page();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            page.Read(line);
        }

        return page;
    }

    public IEnumerable<Sample> Of(string name) => Samples.Where(sample => sample.Name == name);

    public double Value(string name) => Assert.Single(Of(name)).Value;

    public Dictionary<string, double> ByLink(string name) => Of(name).ToDictionary(sample => sample.Labels["link_id"], sample => sample.Value);

    private void Read(string line)
    {
        if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            var words = line.Split(' ');
            Types.Add(words[2], words[3]); // throws if a family has two of them
        }
        else if (!line.StartsWith("# HELP ", StringComparison.Ordinal))
        {
            Samples.Add(ReadSample(line));
        }
    }

    private static Sample ReadSample(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        var labels = new Dictionary<string, string>();
        var name = line[..at];
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var label = line[at..equals];
                at = equals + 2;
                labels.Add(label, ReadValue(line, ref at));
                at += line[at] == ',' ? 1 : 0;
            }

            at++;
        }

        return new Sample(name, labels, double.Parse(line[(at + 1)..], CultureInfo.InvariantCulture), line[(at + 1)..]);
    }

    private static string ReadValue(string line, ref int at)
    {
        var value = new StringBuilder();
        for (; line[at] != '"'; at++)
        {
            value.Append(line[at] != '\\' ? line[at] : line[++at] switch
            {
                'n' => '\n',
                '\\' => '\\',
                '"' => '"',
                var other => throw new FormatException($"\\{other}"),
            });
        }

        at++;
        return value.ToString();
    }

    internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value, string Text);
}
