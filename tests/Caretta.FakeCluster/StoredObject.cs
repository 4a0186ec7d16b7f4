namespace Caretta.FakeCluster;

/// <param name="Item">As in a list.</param>
internal sealed record StoredObject(string Uid, byte[] Item);
