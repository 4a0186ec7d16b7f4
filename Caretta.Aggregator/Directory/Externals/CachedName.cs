namespace Caretta.Aggregator.Directory.Externals;

/// <param name="Name">Null: it has none, or it could not be asked for.</param>
/// <param name="Until">On the clock of who caches it; asked again after.</param>
internal readonly record struct CachedName(string? Name, TimeSpan Until);
