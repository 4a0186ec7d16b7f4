using System.Text.Json;

namespace Caretta.Aggregator.Directory.Watches;

/// <summary>A line of a watch, its object still to be read.</summary>
/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
/// <param name="Object">Where in the line it is.</param>
internal readonly record struct WatchLine(string Type, Range Object)
{
    /// <exception cref="JsonException">It is no line of a watch.</exception>
    public static WatchLine Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        string? type = null;
        Range? body = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A line is no object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type");
            var isObject = reader.ValueTextEquals("object");
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            type = isType && reader.TokenType == JsonTokenType.String ? reader.GetString() : type;
            reader.Skip();
            body = isObject ? start..(int)reader.BytesConsumed : body;
        }

        // The closing brace has been read; anything after it but white space throws.
        reader.Read();
        return type is not null && body is { } found
            ? new WatchLine(type, found)
            : throw new JsonException("A line lacks its type or its object.");
    }
}
