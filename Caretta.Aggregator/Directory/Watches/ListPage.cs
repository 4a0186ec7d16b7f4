using System.Text.Json;
using Caretta.Aggregator.Directory.Watches.Manifests;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>A page of a list, its objects still to be read, each by itself: one that is not understood does not spoil the others.</summary>
/// <param name="Version">Of the list, the same on all its pages.</param>
/// <param name="Continue">Null on the last page.</param>
internal sealed record ListPage(string Version, string? Continue, IReadOnlyList<Range> Items)
{
    /// <exception cref="JsonException">It is no page of a list.</exception>
    public static ListPage Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        ListMeta? meta = null;
        List<Range> items = [];
        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"))
            {
                meta = JsonSerializer.Deserialize(ref reader, ManifestContext.Default.ListMeta);
            }
            else if (reader.ValueTextEquals("items"))
            {
                items = Elements(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // The closing brace has been read; anything after it but white space throws.
        reader.Read();
        return meta is { ResourceVersion.Length: > 0 }
            ? new ListPage(meta.ResourceVersion, string.IsNullOrEmpty(meta.Continue) ? null : meta.Continue, items)
            : throw new JsonException("A list has no version.");
    }

    private static List<Range> Elements(ref Utf8JsonReader reader)
    {
        var elements = new List<Range>();
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return elements;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            elements.Add(start..(int)reader.BytesConsumed);
        }

        return elements;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
        {
            throw new JsonException("A list is no object.");
        }
    }
}
