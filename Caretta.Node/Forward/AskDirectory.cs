using Akka.Actor;
using Caretta.Messages;

namespace Caretta.Node.Forward;

/// <summary>To the forwarder. Lost if the stream has ended; <see cref="DirectoryLost"/> says so.</summary>
/// <param name="Stream">The one whose directory is asked, as <see cref="DirectoryTold"/> named it: ids count within a stream.</param>
public sealed record AskDirectory(int Stream, NameQuestions Questions) : INoSerializationVerificationNeeded;
