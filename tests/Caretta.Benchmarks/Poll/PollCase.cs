namespace Caretta.Benchmarks.Poll;

/// <param name="Connections">Ends of connections, as the agent counts them.</param>
/// <param name="EachItsOwnFlow">Each from another address, so that the flow table cannot sum them up.</param>
/// <param name="Published">CPU a poll of the tool we descend from (Go), where it is known.</param>
internal sealed record PollCase(int Connections, int Links, bool EachItsOwnFlow, int Rounds, string Published = "");
