{{- /* Each changes a dictionary in place and prints nothing. */ -}}

{{- /* container, prefix, settings: adds settings as environment variables; one that is there already is replaced. */ -}}
{{- define "caretta.settings" -}}
{{- $container := .container -}}
{{- $prefix := .prefix -}}
{{- range $name, $value := .settings -}}
  {{- $variable := printf "CARETTA__%s__%s" $prefix (upper $name) -}}
  {{- $kept := list -}}
  {{- range $container.env -}}
    {{- if ne .name $variable -}}{{- $kept = append $kept . -}}{{- end -}}
  {{- end -}}
  {{- $_ := set $container "env" (append $kept (dict "name" $variable "value" (toString $value))) -}}
{{- end -}}
{{- end -}}

{{- /* template, image, values of the workload (or none), root. */ -}}
{{- define "caretta.pods" -}}
{{- $spec := .template.spec -}}
{{- $container := index $spec.containers 0 -}}
{{- $values := .root.Values -}}
{{- $registry := ternary (printf "%s/" $values.registry) "" (ne $values.registry "") -}}
{{- $_ := set $container "image" (printf "%s%s:%s" $registry .image (default .root.Chart.AppVersion $values.tag)) -}}
{{- $_ := set $container "imagePullPolicy" $values.imagePullPolicy -}}
{{- with $values.imagePullSecrets -}}{{- $_ := set $spec "imagePullSecrets" . -}}{{- end -}}
{{- with .workload -}}
  {{- $_ := set $container "resources" .resources -}}
  {{- $_ := set $spec "tolerations" .tolerations -}}
  {{- with .affinity -}}{{- $_ := set $spec "affinity" . -}}{{- end -}}
  {{- $_ := set $spec "nodeSelector" (merge (dict "kubernetes.io/os" "linux") .nodeSelector) -}}
  {{- with .podAnnotations -}}{{- $_ := set $.template.metadata "annotations" . -}}{{- end -}}
{{- end -}}
{{- end -}}

{{- define "caretta.agents" -}}
{{- $container := index .object.spec.template.spec.containers 0 -}}
{{- $seconds := int .root.Values.pollIntervalSeconds -}}
{{- $poll := printf "00:%02d:%02d" (div $seconds 60) (mod $seconds 60) -}}
{{- include "caretta.settings" (dict "container" $container "prefix" "NODE" "settings" (merge (dict) .root.Values.node.settings (dict "PollInterval" $poll))) -}}
{{- if .root.Values.unload -}}
  {{- $_ := set $container "args" (list "unload" "--stay") -}}
  {{- $_ := unset $container "startupProbe" -}}
  {{- $_ := unset $container "livenessProbe" -}}
  {{- $probe := dict "exec" (dict "command" (list "dotnet" "/app/caretta-node.dll" "unload")) "periodSeconds" 60 "timeoutSeconds" 30 -}}
  {{- $_ := set $container "readinessProbe" $probe -}}
  {{- $_ := set .object.spec "updateStrategy" (dict "rollingUpdate" (dict "maxUnavailable" "100%")) -}}
{{- end -}}
{{- end -}}

{{- define "caretta.aggregators" -}}
{{- $spec := .object.spec.template.spec -}}
{{- $container := index $spec.containers 0 -}}
{{- $values := .root.Values -}}
{{- $settings := dict "ReverseDns" $values.resolveDns "ClimbOwners" $values.traverseUpHierarchy -}}
{{- $_ := set .object.spec "replicas" (int $values.aggregator.replicas) -}}
{{- if $values.postgresql.enabled -}}
  {{- $file := dict "PostgreSqlPasswordFile" "/etc/caretta/postgresql/password" "PostgreSql" (required "postgresql.connection is missing: Host=...;Database=...;Username=..." $values.postgresql.connection) -}}
  {{- $settings = merge $settings $file (dict "Journal" "PostgreSql" "Discovery" "Kubernetes") -}}
  {{- $_ := set $container "volumeMounts" (append $container.volumeMounts (dict "name" "postgresql" "mountPath" "/etc/caretta/postgresql" "readOnly" true)) -}}
  {{- $items := list (dict "key" "password" "path" "password") -}}
  {{- $secret := dict "secretName" $values.postgresql.existingSecret "defaultMode" 288 "items" $items -}}
  {{- $_ := set $spec "volumes" (append $spec.volumes (dict "name" "postgresql" "secret" $secret)) -}}
{{- else -}}
  {{- if gt (int $values.aggregator.replicas) 1 -}}{{- fail "aggregator.replicas: several members need a journal that all of them reach: set postgresql.enabled." -}}{{- end -}}
  {{- $_ := set $container "volumeMounts" (append $container.volumeMounts (dict "name" "journal" "mountPath" "/var/lib/caretta/aggregator")) -}}
  {{- if $values.persistence.enabled -}}
    {{- $claim := dict "accessModes" (list "ReadWriteOnce") "resources" (dict "requests" (dict "storage" $values.persistence.size)) -}}
    {{- with $values.persistence.storageClassName -}}{{- $_ := set $claim "storageClassName" . -}}{{- end -}}
    {{- $_ := set .object.spec "volumeClaimTemplates" (list (dict "apiVersion" "v1" "kind" "PersistentVolumeClaim" "metadata" (dict "name" "journal") "spec" $claim)) -}}
  {{- else -}}
    {{- $_ := set $spec "volumes" (append $spec.volumes (dict "name" "journal" "emptyDir" dict)) -}}
  {{- end -}}
{{- end -}}
{{- include "caretta.settings" (dict "container" $container "prefix" "AGGREGATOR" "settings" (merge (dict) $values.aggregator.settings $settings)) -}}
{{- end -}}
