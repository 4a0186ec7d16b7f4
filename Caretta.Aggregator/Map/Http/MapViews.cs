using Caretta.Aggregator.Map.Model;
using Caretta.Aggregator.Map.Views;

namespace Caretta.Aggregator.Map.Http;

/// <summary>The views of the latest model that somebody has asked for. A hundred pages that show the same are one view.</summary>
internal sealed class MapViews(MapSettings settings)
{
    /// <summary>Further ones are made for each who asks.</summary>
    public const int MostKept = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Lazy<ViewedMap>> _views = new(StringComparer.Ordinal);
    private long _number;

    /// <param name="question">The query string: who asks the same way sees the same.</param>
    public ViewedMap Of(MapModel model, MapQuery query, string question)
    {
        question = model.IsOld ? $"old {question}" : question; // the same map with another word on who answered
        var view = new Lazy<ViewedMap>(() => new ViewedMap(model.Number, MapView.Of(model, query, settings.Refresh)));
        lock (_lock)
        {
            if (model.Number > _number)
            {
                _views.Clear();
                _number = model.Number;
            }

            if (model.Number == _number)
            {
                if (_views.TryGetValue(question, out var known))
                {
                    view = known;
                }
                else if (_views.Count < MostKept)
                {
                    _views.Add(question, view);
                }
            }
        }

        return view.Value;
    }
}
