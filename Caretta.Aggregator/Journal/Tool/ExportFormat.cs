using System.Text.Json;
using System.Text.Json.Serialization;

namespace Caretta.Aggregator.Journal.Tool;

/// <summary>A line of JSON and back. Strict in reading: what is not understood would be lost.</summary>
internal static class ExportFormat
{
    public const string Name = "caretta-journal";
    public const int Version = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.General)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // the file is no web page
        Converters = { new UInt64Text() },
    };

    public static byte[] Write(ExportLine line) => JsonSerializer.SerializeToUtf8Bytes(line, Options);

    /// <exception cref="InvalidDataException">It is no line of this format and version.</exception>
    public static ExportLine Read(ReadOnlySpan<byte> line, long number)
    {
        try
        {
            return JsonSerializer.Deserialize<ExportLine>(line, Options) ?? throw new InvalidDataException($"Line {number} is empty.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException)
        {
            throw new InvalidDataException($"Line {number} is none of version {Version}: {unreadable.Message}");
        }
    }

    /// <summary>Before anything else is read: of another version nothing is known.</summary>
    /// <exception cref="InvalidDataException">It is no journal, or of a version unknown here.</exception>
    public static void CheckVersion(ReadOnlyMemory<byte> firstLine)
    {
        try
        {
            using var first = JsonDocument.Parse(firstLine);
            if (first.RootElement.GetProperty("format").GetString() != Name)
            {
                throw new InvalidDataException($"It is no {Name}.");
            }

            var version = first.RootElement.GetProperty("version").GetInt32();
            if (version != Version)
            {
                throw new InvalidDataException($"It has version {version}; this program reads version {Version}. Use the version that wrote it, or a newer one.");
            }
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"It is no {Name}.");
        }
    }

    /// <summary>Most readers of JSON take numbers for doubles.</summary>
    private sealed class UInt64Text : JsonConverter<ulong>
    {
        public override ulong Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String
                && ulong.TryParse(reader.GetString(), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new JsonException("It is no whole number in quotes.");

        public override void Write(Utf8JsonWriter writer, ulong value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
