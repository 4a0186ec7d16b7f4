namespace Caretta.Aggregator.Journal.Database;

/// <summary>The commands that make the tables, kept as files of their own inside the program.</summary>
internal static class SchemaFile
{
    public static string Read(string name)
    {
        using var stream = typeof(SchemaFile).Assembly.GetManifestResourceStream("Schema/" + name)
            ?? throw new InvalidOperationException($"{name} is not part of the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
